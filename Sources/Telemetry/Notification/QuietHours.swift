/// Hours of the week in which a receiver is left alone, in local time.
package struct QuietHours: Sendable, Equatable {
    package struct Period: Sendable, Equatable {
        /// Days on which it begins: `1` Monday … `7` Sunday.
        package var days: Set<Int>
        package var hours: DayHours

        /// - Parameters: in minutes since midnight.
        package init(days: Set<Int> = Set(1...7), start: Int, end: Int) {
            self.days = days
            hours = DayHours(start: start, end: end)
        }

        /// When it ends, if it is on at `time`.
        fileprivate func end(at time: Milliseconds, in zone: ZoneOffsets) -> Milliseconds? {
            let begun = hours.day(at: time + zone.offset(at: time)) { days.contains(Civil.weekday(days: $0)) }
            return begun.map { zone.utc(fromLocal: hours.end(ofDay: $0)) }
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
