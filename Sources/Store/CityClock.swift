import Telemetry

/// City time of moments that mostly follow each other: date and offset are worked out once a day of them.
struct CityClock {
    private let zone: ZoneOffsets
    /// The moments for which `date` and `offset` are right.
    private var known: Range<Milliseconds> = 0..<0
    private var offset: Milliseconds = 0
    private var date: [UInt8] = []

    init(zone: ZoneOffsets) { self.zone = zone }

    /// `2026-01-05 08:02:03`, as the views have it.
    mutating func add(_ time: Milliseconds, to text: inout AnswerText) {
        if !known.contains(time) { look(at: time) }
        text.add(date)
        text.add(timeOfDay: (time + offset).floorDivided(by: Span.day).remainder)
    }

    private mutating func look(at time: Milliseconds) {
        offset = zone.offset(at: time)
        let midnight = time - (time + offset).floorDivided(by: Span.day).remainder
        let day = midnight..<midnight + Span.day
        // On a day on which clocks are set each moment is looked up.
        let isOrdinary =
            zone.offset(at: day.lowerBound) == offset && zone.offset(at: day.upperBound - 1) == offset
        known = isOrdinary ? day : time..<time + 1
        date = Array(Civil.iso8601(midnight + offset, suffix: "", separator: " ").utf8.prefix(11))
    }
}
