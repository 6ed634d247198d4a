import Telemetry

/// Reads a limit with its hysteresis: `above`, `below`, `outside` or `equals`, and `clear`.
enum LimitReader {
    static func read(_ mapping: YAMLMapping) -> AlertLimit? {
        let clear = mapping.optional("clear")
        guard let (key, value) = mapping.one(of: "above", "below", "outside", "equals") else { return nil }
        switch key {
        case "above": return above(value, clear)
        case "below": return below(value, clear)
        case "outside": return outside(value, clear)
        default:
            clear?.fault("not with `equals`")
            return value.number().map { .equals($0) }
        }
    }

    private static func above(_ value: YAMLValue, _ clear: YAMLValue?) -> AlertLimit? {
        guard let limit = value.number() else { return nil }
        guard let clear else { return .above(limit, clear: limit) }
        guard let end = clear.number() else { return nil }
        if end > limit { clear.fault("must not lie above the limit \(AlertText.number(limit))") }
        return .above(limit, clear: end)
    }

    private static func below(_ value: YAMLValue, _ clear: YAMLValue?) -> AlertLimit? {
        guard let limit = value.number() else { return nil }
        guard let clear else { return .below(limit, clear: limit) }
        guard let end = clear.number() else { return nil }
        if end < limit { clear.fault("must not lie below the limit \(AlertText.number(limit))") }
        return .below(limit, clear: end)
    }

    private static func outside(_ value: YAMLValue, _ clear: YAMLValue?) -> AlertLimit? {
        guard let limits = value.range() else { return nil }
        guard let clear else { return .outside(limits, clear: limits) }
        guard let ends = clear.range() else { return nil }
        if ends.lowerBound < limits.lowerBound || ends.upperBound > limits.upperBound {
            clear.fault("must lie inside the limits")
        }
        return .outside(limits, clear: ends)
    }
}
