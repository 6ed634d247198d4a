import Telemetry

/// Reads `config/alerts/<domain>.test.yaml`.
struct RuleTestFile {
    let zone: ZoneOffsets

    /// A test with the places that later checks name.
    struct Entry {
        var test: RuleTest
        var rule: YAMLValue
        var device: YAMLValue?
        var group: YAMLValue?
        /// Keys of the series.
        var series: [YAMLValue]
        var regimes: YAMLValue?
        var gateway: YAMLValue?
    }

    /// A Monday, as docs/alert-rules.md says.
    private static let defaultStart = LocalText.moment("2026-01-05T08:00")!

    func read(_ root: YAMLValue) -> [Entry] {
        let tests = root.mapping { $0.required("tests")?.list() ?? [] } ?? []
        return tests.compactMap { $0.mapping(test) ?? nil }
    }

    private func test(_ mapping: YAMLMapping) -> Entry? {
        let name = mapping.required("name")?.text()
        let rule = mapping.required("rule")
        let device = mapping.optional("device")
        let start = mapping.optional("start")
        let moment = start.map { $0.moment() } ?? Self.defaultStart
        let step = mapping.optional("step")?.span(atLeast: Span.second) ?? Span.minute
        let entries = mapping.required("series")?.entries() ?? []
        let series = entries.compactMap { entry -> RuleTest.Series? in
            let values = entry.value.series()
            let parts = entry.text.split(separator: "/", maxSplits: 1).map(String.init)
            return values.map {
                RuleTest.Series(
                    device: parts.count == 2 ? parts[0] : nil, measurement: parts.last ?? "", values: $0)
            }
        }
        let acts = RuleTestActs.read(mapping)
        let gateway = mapping.optional("gateway")
        let regimes = mapping.optional("regimes")?.list()?.compactMap { $0.mapping(regime) ?? nil } ?? []
        let group = mapping.optional("group")
        if let group, device != nil { group.fault("not together with `device`") }
        let expectations = mapping.required("expect")?.list() ?? []
        if expectations.isEmpty { mapping.fault("`expect` needs at least one entry") }
        let expected = expectations.compactMap { $0.mapping(expectation) ?? nil }
        guard let name, let rule, let ruleName = rule.text(), let moment else { return nil }
        let test = RuleTest(
            name: name, rule: ruleName, device: device?.text(), group: group?.text(),
            start: zone.utc(fromLocal: moment), step: step, series: series,
            gateway: gateway?.series()?.map { $0 != nil }, acts: acts, regimes: regimes,
            expectations: expected,
            place: mapping.place)
        return Entry(
            test: test, rule: rule, device: device, group: group, series: entries.map(\.key),
            regimes: mapping.optional("regimes"), gateway: gateway)
    }

    /// `{at: 5m, on: storm}`, or `off`.
    private func regime(_ mapping: YAMLMapping) -> RegimeSwitch? {
        let at = mapping.required("at")?.span()
        let (on, off) = (mapping.optional("on"), mapping.optional("off"))
        guard (on == nil) != (off == nil) else {
            mapping.fault("expected `on` or `off` with the name of a regime")
            return nil
        }
        guard let at, let name = (on ?? off)?.text() else { return nil }
        return RegimeSwitch(regime: name, isOn: on != nil, at: at, operatorName: "test")
    }

    private func expectation(_ mapping: YAMLMapping) -> RuleTest.Expectation? {
        let at = mapping.required("at")?.span()
        let state = mapping.required("state")?.word(AlertState.self)
        let escalated = mapping.optional("escalated")?.integer(in: 0...100)
        let isUnverified = mapping.optional("unverified")?.boolean()
        // A minute of the clock is a step of the run: bound them.
        if let at, at > 400 * Span.day { mapping.fault("`at` lies more than 400 days after the start") }
        guard let at, let state else { return nil }
        return RuleTest.Expectation(
            at: at, state: state, escalated: escalated, isUnverified: isUnverified, place: mapping.place)
    }
}

extension YAMLValue {
    fileprivate func moment() -> Milliseconds? {
        guard let text = verbatim() else { return nil }
        return LocalText.moment(text) ?? expected("a local time like 2026-01-05T08:00")
    }

    fileprivate func series() -> [Double?]? {
        guard let text = verbatim() else { return nil }
        return RuleTest.Series.parse(text) ?? expected("values like \"30x5 7.5 _ _x3\"")
    }
}
