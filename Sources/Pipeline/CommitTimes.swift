/// How long transactions took since the start of the service, in microseconds; only those that succeeded.
package struct CommitTimes: Sendable, Equatable {
    /// Upper bounds: from a quiet disk to one that operators notice.
    package static let bounds: [Int64] = [
        1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        10_000_000,
    ]

    /// How many were within each bound and beyond the one before; behind them those beyond all.
    package private(set) var counts = [Int64](repeating: 0, count: bounds.count + 1)
    package private(set) var sum: Int64 = 0
    package private(set) var last: Int64 = 0
    package private(set) var longest: Int64 = 0

    package init() {}

    package mutating func add(_ microseconds: Int64) {
        counts[Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count] += 1
        sum += microseconds
        last = microseconds
        longest = max(longest, microseconds)
    }
}
