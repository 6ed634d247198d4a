/// Hours of local days. Those that end at or before their begin go on into the next day, and belong to the day on which they
/// began: the night of a Friday reaches into Saturday.
package struct DayHours: Sendable, Equatable {
    private static let minutes = 24 * 60

    /// In minutes since midnight.
    package let start: Int
    /// In minutes since the same midnight; beyond 24 hours where they end the next day.
    package let end: Int

    package init(start: Int, end: Int) {
        self.start = start
        self.end = end > start ? end : end + Self.minutes
    }

    /// On which day they began, if they are on.
    /// - Parameters:
    ///   - local: local milliseconds.
    ///   - isDay: whether they begin on a day, counted since 1970-01-01.
    func day(at local: Milliseconds, where isDay: (Int) -> Bool) -> Int? {
        let (today, rest) = local.floorDivided(by: Span.day)
        let minute = Int(rest / Span.minute)
        if start <= minute, minute < end, isDay(Int(today)) { return Int(today) }
        let isYesterdays = minute + Self.minutes < end && isDay(Int(today) - 1)
        return isYesterdays ? Int(today) - 1 : nil
    }

    /// The times of the day at which they begin or end.
    var borders: [Milliseconds] { [start, end % Self.minutes].map { Milliseconds($0) * Span.minute } }

    /// When those of `day` end, in local milliseconds.
    func end(ofDay day: Int) -> Milliseconds {
        Milliseconds(day) * Span.day + Milliseconds(end) * Span.minute
    }
}
