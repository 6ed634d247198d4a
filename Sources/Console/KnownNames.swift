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

    func check(regime: String) throws(UnknownName) {
        guard !regimes.contains(regime) else { return }
        let hint = Spelling.suggestion(regime, regimes)
        throw UnknownName(
            vi: "chế độ \(regime): không có trong calendars.yaml\(hint.vi)",
            en: "regime \(regime): there is none in calendars.yaml\(hint.en)")
    }

    func check(rule: String, on scope: String) throws(UnknownName) {
        if scopes(rule)?.contains(scope) != true { throw unknown(rule: rule, on: scope) }
    }

    package func unknown(rule: String) -> UnknownName {
        let hint = Spelling.suggestion(rule, rules)
        return UnknownName(
            vi: "luật \(rule): không có\(hint.vi)", en: "rule \(rule): there is no such rule\(hint.en)")
    }

    /// A rule that is unknown, or is not about `scope`.
    package func unknown(rule: String, on scope: String) -> UnknownName {
        guard let known = scopes(rule) else { return unknown(rule: rule) }
        let hint = Spelling.suggestion(scope, known)
        return UnknownName(
            vi: "luật \(rule): không áp dụng cho \(scope)\(hint.vi)",
            en: "rule \(rule): is not about \(scope)\(hint.en)")
    }
}

/// A regime, rule, device or group that there is not.
package struct UnknownName: OperatorFault {
    package let sentence: Title

    init(vi: String, en: String) { sentence = Title(vi: vi, en: en) }
}
