import Telemetry

/// Reads a condition on the devices of a ward, a domain or a tag: `per`, what is asked of each, and the limit.
enum GroupReader {
    static func read(_ mapping: YAMLMapping) -> ConditionReader.Condition? {
        let division = mapping.required("per")?.word(AlertGroup.Division.self)
        let fewest = mapping.optional("members").map { $0.integer(in: 1...1_000_000) } ?? 1
        let found = ["share_of", "count_of", "mean_of"].compactMap { key in
            mapping.optional(key).map { (key, $0) }
        }
        mapping.refuse(
            "instead", why: "not together with `per`: write two rules, one `during` and one `not_during`")
        let limit = LimitReader.read(mapping)
        guard let (key, value) = found.first, found.count == 1 else {
            mapping.fault("expected one of `share_of`, `count_of`, `mean_of` together with `per`")
            return nil
        }
        let asked: (figure: AlertGroup.Figure, condition: ConditionReader.Condition)?
        if key == "mean_of" {
            asked = value.mapping(ThresholdReader.signal).flatMap { $0 }.map {
                (.mean(of: $0.signal), $0.condition)
            }
        } else {
            let condition = value.mapping(ConditionReader.ofOne) ?? nil
            asked = condition.map {
                (key == "share_of" ? .share(of: $0.condition) : .count(of: $0.condition), $0)
            }
        }
        if key == "share_of", let limit, !limit.canHold(within: 0...1) {
            value.fault("a share is from 0 to 1, and none is beyond the limit: this can never fire")
        }
        guard let division, let fewest, let limit, let asked else { return nil }
        let group = AlertGroup(division: division, figure: asked.figure, limit: limit, fewest: fewest)
        return ConditionReader.Condition(.group(group), of: [asked.condition])
    }
}
