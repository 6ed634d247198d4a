/// What is usual: a series at the same local hour of the week, some weeks back.
package struct AlertBaseline: Sendable, Equatable {
    package enum Direction: Sendable, Equatable {
        case above, below, either
    }

    package var weeks: Int
    package var direction: Direction
    /// A spread less than this counts as this: a line that never moved makes everything unusual.
    package var leastSpread: Double

    /// Two are no pattern.
    package static let fewestWeeks = 3
    package static let mostWeeks = 8

    package init(weeks: Int, direction: Direction, leastSpread: Double) {
        self.weeks = weeks
        self.direction = direction
        self.leastSpread = leastSpread
    }
}

/// The hours of one series over some weeks, each as what mean and spread are made of.
struct HourlyBaseline: Sendable {
    private struct Hour: Sendable {
        var start = Milliseconds.min
        var weight = 0.0
        var sum = 0.0
        var squares = 0.0
        var count = 0.0
    }

    private static let week = 7 * Span.day
    private static let hoursOfWeek = 168
    /// A ring: an hour takes the place of the one so many weeks before it.
    private var hours: [Hour]

    init(weeks: Int) { hours = Array(repeating: Hour(), count: (weeks + 1) * Self.hoursOfWeek) }

    /// Adds a closed hour, or a late part of one.
    mutating func add(_ rollup: Rollup) {
        let index = place(of: rollup.start)
        if hours[index].start > rollup.start { return }
        if hours[index].start < rollup.start {
            hours[index] = Hour()
            hours[index].start = rollup.start
        }
        hours[index].weight += rollup.accumulator.weight
        hours[index].sum += rollup.accumulator.sum
        hours[index].squares += rollup.accumulator.sumOfSquares
        hours[index].count += Double(rollup.accumulator.count)
    }

    private func place(of start: Milliseconds) -> Int {
        Int(start.floorDivided(by: Span.hour).quotient.floorDivided(by: Int64(hours.count)).remainder)
    }

    /// By how many spreads `value`, of a window that ends at `end`, lies beyond the mean of the same hour of past weeks.
    /// - Returns: nil if fewer than three of those hours are known.
    func deviation(of value: Double, endingAt end: Milliseconds, _ wanted: AlertBaseline) -> Double? {
        // The hour in which the window's last reading lies.
        let last = end - 1
        let hour = last - last.floorDivided(by: Span.hour).remainder
        let past = (1...wanted.weeks).compactMap { week -> Hour? in
            let start = hour - Int64(week) * Self.week
            let found = hours[place(of: start)]
            return found.start == start && found.weight > 0 ? found : nil
        }
        guard past.count >= AlertBaseline.fewestWeeks else { return nil }
        let count = past.reduce(0) { $0 + $1.count }
        let mean = past.reduce(0) { $0 + $1.sum } / past.reduce(0) { $0 + $1.weight }
        let square = past.reduce(0) { $0 + $1.squares } / count
        let spread = max((max(square - mean * mean, 0)).squareRoot(), wanted.leastSpread)
        let deviation = (value - mean) / spread
        switch wanted.direction {
        case .above: return deviation
        case .below: return -deviation
        case .either: return abs(deviation)
        }
    }
}
