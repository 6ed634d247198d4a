import Telemetry

/// Reads `when`.
enum ConditionReader {
    struct Condition {
        var condition: AlertCondition
        /// Where the measurements stand that must be of the profiles.
        var measurements: [YAMLValue] = []
        /// Where a quantile is asked of a measurement.
        var quantiles: [(place: YAMLValue, measurement: String)] = []
        /// Where the unit of a measurement is named.
        var units: [(place: YAMLValue, measurement: String)] = []
        /// Where calendars and regimes are named.
        var times: [YAMLValue] = []
        /// What cannot be of counters.
        var noCounters: [YAMLValue] = []

        /// Of several conditions one, made of theirs.
        init(_ condition: AlertCondition, of parts: [Condition]) {
            self.condition = condition
            measurements = parts.flatMap(\.measurements)
            quantiles = parts.flatMap(\.quantiles)
            units = parts.flatMap(\.units)
            times = parts.flatMap(\.times)
            noCounters = parts.flatMap(\.noCounters)
        }

        init(_ condition: AlertCondition, measurements: [YAMLValue] = []) {
            self.condition = condition
            self.measurements = measurements
        }
    }

    private enum FreshnessWord: String, CaseIterable {
        case late, silent
        case neverReported = "never-reported"

        func condition(cadences: Double) -> AlertCondition {
            self == .neverReported ? .neverReported(cadences: cadences) : .quiet(cadences: cadences)
        }
    }

    static func read(_ mapping: YAMLMapping) -> Condition? {
        if mapping.optional("per") != nil { return GroupReader.read(mapping) }
        return ofOne(mapping)
    }

    /// A condition that is asked of one device.
    static func ofOne(_ mapping: YAMLMapping) -> Condition? {
        let ofGroups = ["per", "share_of", "count_of", "mean_of"].filter {
            mapping.optional($0) != nil
        }
        if let key = ofGroups.first {
            mapping.fault(
                key == "per"
                    ? "`per` stands in `when` alone: not inside another condition"
                    : "`\(key)` only together with `per`")
            // What else is said of the group is no mistake of its own.
            for key in ["above", "below", "outside", "equals", "clear", "members"] {
                _ = mapping.optional(key)
            }
            return nil
        }
        mapping.refuse("members", why: "only together with `per`")
        for (key, join) in [("all", AlertCondition.all), ("any", AlertCondition.any)] {
            guard let list = mapping.optional(key) else { continue }
            return combined(list, join)
        }
        if let freshness = mapping.optional("freshness") {
            mapping.refuse(
                "measurement", "over", "above", "below", "outside", "equals", "clear", "window", "stat",
                "flat_within", "rises_to", "falls_to", "within", why: "not together with `freshness`")
            return quiet(freshness, mapping.optional("cadences")).map { Condition($0) }
        }
        mapping.refuse("cadences", why: "only with `freshness`")
        return ThresholdReader.read(mapping)
    }

    /// What `all` or `any` holds: at least two, and each a condition on values.
    private static func combined(_ list: YAMLValue, _ join: ([AlertCondition]) -> AlertCondition)
        -> Condition?
    {
        guard let values = list.list() else { return nil }
        if values.count < 2 { list.fault("expected at least two conditions") }
        let parts = values.compactMap { value -> Condition? in
            guard let part = value.mapping(ofOne) ?? nil else { return nil }
            if part.condition.thresholds.isEmpty {
                value.fault("`freshness` is a condition of its own: silence says nothing of values")
            }
            return part
        }
        guard parts.count == values.count else { return nil }
        return Condition(join(parts.map(\.condition)), of: parts)
    }

    private static func quiet(_ freshness: YAMLValue, _ cadences: YAMLValue?) -> AlertCondition? {
        let word = freshness.word(FreshnessWord.self)
        let usual = word == .late ? Freshness.lateAfterCadences : Freshness.silentAfterCadences
        guard let cadences else { return word?.condition(cadences: usual) }
        if word == .late { cadences.fault("not with `freshness: late`, which is two") }
        guard let word, let number = cadences.number(in: 1...100_000) else { return nil }
        return word.condition(cadences: number)
    }
}
