/// Hours of the week in which a receiver is left alone, in local time.
package struct QuietHours: Sendable, Equatable {
    package struct Period: Sendable, Equatable {
        /// Days on which it begins: `1` Monday … `7` Sunday.
        package var days: Set<Int>
        /// In minutes since midnight.
        package var start: Int
        /// In minutes since the same midnight; beyond 24 hours where it ends the next day.
        package var end: Int

        /// - Parameter end: not after `start` means the next day.
        package init(days: Set<Int> = Set(1...7), start: Int, end: Int) {
            self.days = days
            self.start = start
            self.end = end > start ? end : end + 24 * 60
        }

        /// When it ends, if it is on at `time`.
        fileprivate func end(at time: Milliseconds, in zone: ZoneOffsets) -> Milliseconds? {
            let local = time + zone.offset(at: time)
            let today = local.floorDivided(by: Span.day).quotient
            for day in [today, today - 1] where days.contains(Civil.weekday(days: Int(day))) {
                let midnight = day * Span.day
                let range = midnight + Int64(start) * Span.minute..<midnight + Int64(end) * Span.minute
                if range.contains(local) { return zone.utc(fromLocal: range.upperBound) }
            }
            return nil
        }
    }

    package var periods: [Period]

    package init(_ periods: [Period] = []) { self.periods = periods }

    /// When there is no quiet any more; nil if there is none at `time`.
    package func end(at time: Milliseconds, in zone: ZoneOffsets) -> Milliseconds? {
        var end: Milliseconds?
        // One may begin before another ends. What is quiet for longer than a week has no end.
        while let next = periods.compactMap({ $0.end(at: end ?? time, in: zone) }).max(), next > end ?? time,
            (end ?? time) - time <= Self.longest
        {
            end = next
        }
        return end
    }

    private static let longest = 8 * Span.day

    /// Whether nobody would ever be told.
    package var isEndless: Bool {
        end(at: 0, in: .utc).map { $0 > Self.longest } ?? false
    }
}
