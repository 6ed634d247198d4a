import HTTPTypes
package import Telemetry

/// What operators can name in a command: to tell a slip of the pen from what is not possible now.
package struct KnownNames: Sendable {
    package var regimes: [String]
    /// Keys of the devices and groups that a rule is about; nil if there is no such rule.
    package var scopes: @Sendable (_ rule: String) -> [String]?
    package var rules: [String]

    package init(
        regimes: [String], rules: [String], scopes: @escaping @Sendable (_ rule: String) -> [String]?
    ) {
        self.regimes = regimes
        self.rules = rules
        self.scopes = scopes
    }

    package init(regimes: [String], rules: [AlertRule], registry: Registry) {
        self.init(regimes: regimes, rules: rules.map(\.name)) { name in
            rules.first { $0.name == name }.map { AlertScope.keys(of: $0, registry) }
        }
    }

    func check(regime: String) throws(Fault) {
        guard !regimes.contains(regime) else { return }
        let hint = Spelling.suggestion(regime, regimes)
        throw Fault(
            .notFound,
            Title(
                vi: "chế độ \(regime): không có trong calendars.yaml\(hint.vi)",
                en: "regime \(regime): there is none in calendars.yaml\(hint.en)"))
    }

    func check(rule: String, on scope: String) throws(Fault) {
        guard let known = scopes(rule) else {
            let hint = Spelling.suggestion(rule, rules)
            throw Fault(
                .notFound,
                Title(
                    vi: "luật \(rule): không có\(hint.vi)",
                    en: "rule \(rule): there is no such rule\(hint.en)"))
        }
        guard !known.contains(scope) else { return }
        let hint = Spelling.suggestion(scope, known)
        throw Fault(
            .notFound,
            Title(
                vi: "luật \(rule): không áp dụng cho \(scope)\(hint.vi)",
                en: "rule \(rule): is not about \(scope)\(hint.en)"))
    }
}
