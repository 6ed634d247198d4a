/// What terms that look at the same evidence share: all on the readings of a series, or one on its windows.
///
/// Nearly all evidence changes nothing, and then one line of the cache was enough.
struct AlertWatch: BitwiseCopyable, Sendable {
    /// Of the newest evidence: older evidence does not turn a decision back.
    var time = Milliseconds.min
    /// NaN stands for none: the limits of measurements let none in.
    private var newest = Double.nan
    /// Values that change nothing for any of the terms; found anew when one of them has been judged.
    var calm = CalmValues.none
    /// How many of the terms are of members of groups.
    var memberCount = 0

    /// Of the newest evidence since the engine began; not kept over a restart.
    var value: Double? {
        get { newest.isNaN ? nil : newest }
        set { newest = newValue ?? .nan }
    }
}

/// An interval of values, perhaps empty.
struct CalmValues: BitwiseCopyable, Sendable, Equatable {
    private var least: Double
    private var most: Double

    static let none = CalmValues(least: .infinity, most: -.infinity)
    static let all = CalmValues(least: -.infinity, most: .infinity)

    private init(least: Double, most: Double) {
        self.least = least
        self.most = most
    }

    /// Values with which a condition goes on holding, or not holding, as it did before; of those that are not one interval
    /// none.
    init(of limit: AlertLimit, before: Bool) {
        switch (limit, before) {
        case (.above(let limit, _), false), (.atMost(let limit), true):
            self.init(least: -.infinity, most: limit)
        case (.below(let limit, _), false): self.init(least: limit, most: .infinity)
        case (.atMost(let limit), false): self.init(least: limit.nextUp, most: .infinity)
        case (.above(let limit, let clear), true): self.init(least: min(limit, clear).nextUp, most: .infinity)
        case (.below(let limit, let clear), true):
            self.init(least: -.infinity, most: max(limit, clear).nextDown)
        case (.outside(let limits, _), false): self.init(least: limits.lowerBound, most: limits.upperBound)
        case (.equals(let wanted), true): self.init(least: wanted, most: wanted)
        case (.outside, true), (.equals, false): self = .none
        }
    }

    @inline(__always)
    func contains(_ value: Double) -> Bool { value >= least && value <= most }

    mutating func narrow(to other: CalmValues) {
        least = max(least, other.least)
        most = min(most, other.most)
    }
}
