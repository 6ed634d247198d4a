import Telemetry

/// A moment as the city's clocks and calendars show it.
struct LocalMoment {
    let time: Milliseconds
    let minuteOfDay: Double
    /// `1` Monday … `7` Sunday.
    let weekday: Int

    init(_ time: Milliseconds, in zone: ZoneOffsets) {
        self.time = time
        let (day, rest) = (time + zone.offset(at: time)).floorDivided(by: Span.day)
        minuteOfDay = Double(rest) / Double(Span.minute)
        weekday = Civil.weekday(days: Int(day))
    }
}
