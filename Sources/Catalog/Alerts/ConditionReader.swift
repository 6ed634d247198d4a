import Telemetry

/// Reads `when`.
enum ConditionReader {
    struct Condition {
        var condition: AlertCondition
        var measurement: YAMLValue?
    }

    private enum FreshnessWord: String, CaseIterable {
        case late, silent
        case neverReported = "never-reported"

        func condition(cadences: Double) -> AlertCondition {
            self == .neverReported ? .neverReported(cadences: cadences) : .quiet(cadences: cadences)
        }
    }

    static func read(_ mapping: YAMLMapping) -> Condition? {
        let measurement = mapping.optional("measurement")
        let freshness = mapping.optional("freshness")
        let cadences = mapping.optional("cadences")
        let window = window(mapping)
        let limit = limit(mapping)
        if let freshness {
            mapping.refuse(
                "measurement", "above", "below", "outside", "equals", "clear", "window", "stat",
                why: "not together with `freshness`")
            return quiet(freshness, cadences).map { Condition(condition: $0) }
        }
        cadences?.fault("only with `freshness`")
        guard let measurement else {
            mapping.fault("expected `measurement` or `freshness`")
            return nil
        }
        guard let name = measurement.text(), let limit, case .some(let window) = window else { return nil }
        return Condition(
            condition: .threshold(measurement: name, window: window, limit: limit), measurement: measurement)
    }

    private static func quiet(_ freshness: YAMLValue, _ cadences: YAMLValue?) -> AlertCondition? {
        let word = freshness.word(FreshnessWord.self)
        let usual = word == .late ? Freshness.lateAfterCadences : Freshness.silentAfterCadences
        guard let cadences else { return word?.condition(cadences: usual) }
        if word == .late { cadences.fault("not with `freshness: late`, which is two") }
        guard let word, let number = cadences.number(in: 1...100_000) else { return nil }
        return word.condition(cadences: number)
    }

    /// The window; `.some(nil)` if there is none, nil if there is a mistake in it.
    private static func window(_ mapping: YAMLMapping) -> AlertWindow?? {
        let length = mapping.optional("window")
        let statistic = mapping.optional("stat")
        let word = statistic?.word(Statistic.self)
        guard let length else {
            statistic?.fault("only together with `window`")
            return statistic == nil ? .some(nil) : nil
        }
        if statistic == nil { length.fault("needs a `stat`: which figure of the window?") }
        guard let span = length.span(), let word else { return nil }
        if let window = AlertWindow(length: span, statistic: word) { return window }
        length.fault("expected a whole number of minutes up to `1d`, found \"\(Span.format(span))\"")
        return nil
    }

    // MARK: Limits

    private static func limit(_ mapping: YAMLMapping) -> AlertLimit? {
        let clear = mapping.optional("clear")
        let found = ["above", "below", "outside", "equals"].compactMap { key in
            mapping.optional(key).map { (key, $0) }
        }
        guard let (key, value) = found.first, found.count == 1 else {
            if mapping.optional("freshness") == nil {
                let names = found.map { "`\($0.0)`" }.joined(separator: " and ")
                mapping.fault(
                    "expected one of `above`, `below`, `outside`, `equals`, found \(names.isEmpty ? "none" : names)"
                )
            }
            return nil
        }
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
