import Telemetry

/// Ten rules on each device, of which six look at readings, three at windows, one at silence; and one on the wards.
struct RuleSet {
    let name: String
    let rules: [AlertRule]

    /// Transitions of a device in trouble: nine rules come and go, the tenth has no reason.
    static let transitionsPerDevice = 18

    static let none = RuleSet(name: "0", rules: [])

    /// - Parameter tag: the devices it is narrowed to.
    init(_ name: String, tag: String) {
        self.init(name: name, rules: Self.conditions.enumerated().map { Self.rule($0, $1, tag) })
    }

    private init(name: String, rules: [AlertRule]) {
        self.name = name
        self.rules = rules
    }

    private static var conditions: [AlertCondition] {
        let high = AlertLimit.above(30, clear: 28)
        func window(_ minutes: Int64, _ statistic: Statistic) -> AlertWindow? {
            AlertWindow(length: minutes * Span.minute, statistic: statistic)
        }
        let highA = AlertCondition.threshold(measurement: "a", window: nil, limit: high)
        let highB = AlertCondition.threshold(measurement: "b", window: nil, limit: high)
        return [
            highA, highB,
            .threshold(measurement: "c", window: nil, limit: .outside(5...30, clear: 6...28)),
            .threshold(measurement: "d", window: nil, limit: high),
            .all([highA, highB]),
            .threshold(measurement: "b", window: nil, limit: .below(5, clear: 8)),
            .threshold(measurement: "a", window: window(5, .mean), limit: high),
            .threshold(measurement: "b", window: window(5, .range), limit: .above(20, clear: 20)),
            .threshold(measurement: "c", window: window(10, .max), limit: .above(40, clear: 38)),
            .quiet(cadences: 3),
            .group(
                AlertGroup(
                    division: .ward, figure: .share(of: highA), limit: .above(0.6, clear: 0.5), fewest: 2)),
        ]
    }

    private static func rule(_ index: Int, _ condition: AlertCondition, _ tag: String) -> AlertRule {
        AlertRule(
            name: "Rule\(index)", domain: "test", group: "test", title: Title(vi: "Luật", en: "Rule"),
            condition: condition, onDelay: index == 1 ? Span.minute : 0, priority: .low, lead: "operations",
            action: Title(vi: "Xem", en: "Look"), summary: Title(vi: "{value}", en: "{value}"), tags: [tag])
    }
}
