/// A limit with its hysteresis: between the limit and `clear` whatever held before goes on holding.
package enum AlertLimit: Sendable, Equatable {
    case above(Double, clear: Double)
    case below(Double, clear: Double)
    case outside(ClosedRange<Double>, clear: ClosedRange<Double>)
    case equals(Double)
    /// The limit itself included, for figures that are 0 where nothing moves.
    case atMost(Double)

    /// Whether the condition holds at `value`, given whether it held before.
    package func holds(at value: Double, before: Bool) -> Bool {
        switch self {
        case .above(let limit, let clear): value > limit || (before && value > clear)
        case .below(let limit, let clear): value < limit || (before && value < clear)
        case .outside(let limits, let clear): !limits.contains(value) || (before && !clear.contains(value))
        case .equals(let wanted): value == wanted
        case .atMost(let limit): value <= limit
        }
    }

    /// Whether any value of `valid` crosses it.
    package func canHold(within valid: ClosedRange<Double>) -> Bool {
        switch self {
        case .above(let limit, _): valid.upperBound > limit
        case .below(let limit, _): valid.lowerBound < limit
        case .outside(let limits, _):
            valid.lowerBound < limits.lowerBound || valid.upperBound > limits.upperBound
        case .equals(let wanted): valid.contains(wanted)
        case .atMost(let limit): valid.lowerBound <= limit
        }
    }

    /// The limit that `value` has crossed, for the operator.
    package func limit(at value: Double) -> Double {
        switch self {
        case .above(let limit, _), .below(let limit, _), .equals(let limit), .atMost(let limit): limit
        case .outside(let limits, _): value < limits.lowerBound ? limits.lowerBound : limits.upperBound
        }
    }
}
