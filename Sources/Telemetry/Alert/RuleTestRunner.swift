/// Runs rule tests through the aggregator and the engine that run live, on a clock that is handed in.
package struct RuleTestRunner: Sendable {
    private let profiles: [DeviceProfile]
    private let devices: [Device]
    private let rules: [AlertRule]
    private let zone: ZoneOffsets
    /// How long a window waits for readings on their way.
    private let grace: Milliseconds

    package init(
        profiles: [DeviceProfile], devices: [Device], rules: [AlertRule], zone: ZoneOffsets,
        grace: Milliseconds = 2 * Span.second
    ) {
        self.profiles = profiles
        self.devices = devices
        self.rules = rules
        self.zone = zone
        self.grace = grace
    }

    /// - Returns: what did not come as expected, in order of time.
    package func run(_ test: RuleTest) -> [RuleTest.Failure] {
        func fail(_ message: String) -> [RuleTest.Failure] {
            [RuleTest.Failure(place: test.place, message: message)]
        }
        guard var rule = rules.first(where: { $0.name == test.rule }) else {
            return fail("there is no rule \(test.rule)")
        }
        // A rule that is out of work can still be tested.
        rule.isEnabled = true
        guard let device = device(test, rule) else {
            return fail(
                test.device.map { "\(rule.name) does not fit \($0)" } ?? "\(rule.name) fits no device")
        }
        var run = RuleTestRun(
            test: test, rule: rule, registry: Registry(profiles: profiles, devices: [device]), zone: zone,
            grace: grace)
        return run.toEnd()
    }

    private func device(_ test: RuleTest, _ rule: AlertRule) -> Device? {
        let wanted = devices.filter { test.device == nil || $0.key == test.device }
        let registry = Registry(profiles: profiles, devices: wanted)
        return wanted.indices.first { rule.fits(slot: $0, of: registry) }.map { wanted[$0] }
    }
}

/// One run of one test: the small world of a rule and a device.
private struct RuleTestRun {
    /// What happens at one moment, in this order.
    private enum Step: Int {
        case reading, tick, acknowledge, expect
    }

    let test: RuleTest
    let rule: AlertRule
    let registry: Registry
    let grace: Milliseconds
    private var engine: AlertEngine
    private var aggregator: Aggregator
    /// What the series said last, as the live service keeps it.
    private var states: [SeriesID: SeriesState] = [:]
    private var failures: [RuleTest.Failure] = []

    private var device: Device { registry.devices[0] }

    init(test: RuleTest, rule: AlertRule, registry: Registry, zone: ZoneOffsets, grace: Milliseconds) {
        self.test = test
        self.rule = rule
        self.registry = registry
        self.grace = grace
        engine = AlertEngine(rules: [rule], registry: registry, listeningSince: test.start)
        aggregator = Aggregator(
            shapes: registry.shapes, zone: zone, closedThrough: Tier.minute.start(of: test.start, in: zone))
    }

    mutating func toEnd() -> [RuleTest.Failure] {
        for (at, step, index) in agenda() {
            if step == .reading { take(index, at: at) }
            advance(to: at)
            if step == .acknowledge { acknowledge(at: at) }
            if step == .expect { check(test.expectations[index]) }
        }
        return failures
    }

    /// Everything that happens up to the last expectation, in order of time.
    private func agenda() -> [(at: Milliseconds, step: Step, index: Int)] {
        let end = test.start + (test.expectations.map(\.at).max() ?? 0)
        var agenda: [(at: Milliseconds, step: Step, index: Int)] = []
        let count = test.series.map(\.values.count).max() ?? 0
        for index in 0..<count {
            agenda.append((test.start + Milliseconds(index) * test.step, .reading, index))
        }
        // A window is judged when the clock is past its end by the grace.
        var tick = test.start - test.start.floorDivided(by: Span.minute).remainder + grace
        while tick <= end {
            agenda.append((tick, .tick, 0))
            tick += Span.minute
        }
        for (index, at) in test.acknowledgements.enumerated() {
            agenda.append((test.start + at, .acknowledge, index))
        }
        for (index, wanted) in test.expectations.enumerated() {
            agenda.append((test.start + wanted.at, .expect, index))
        }
        return agenda.filter { $0.at >= test.start && $0.at <= end }
            .sorted { ($0.at, $0.step.rawValue, $0.index) < ($1.at, $1.step.rawValue, $1.index) }
    }

    /// The message that carries the values at `index`, if there are any.
    private mutating func take(_ index: Int, at time: Milliseconds) {
        let values = test.series.compactMap { series in
            series.values.indices.contains(index)
                ? series.values[index].map { (series.measurement, $0) } : nil
        }
        guard !values.isEmpty else { return }
        engine.heard(registry.deviceIDs[0], at: time)
        for (name, value) in values {
            guard let reading = reading(name, value, at: time), reading.quality != .bad else { continue }
            engine.read(reading)
            aggregator.add(reading)
        }
    }

    private mutating func reading(_ name: String, _ value: Double, at time: Milliseconds) -> Reading? {
        let measurements = registry.profile(ofSlot: 0).measurements
        guard let position = measurements.firstIndex(where: { $0.name == name }) else { return nil }
        let series = registry.seriesIDs[0][position]
        var reading = Reading(series: series, time: time, value: value)
        if let valid = measurements[position].valid, !valid.contains(value) { reading.quality = .bad }
        return states[series, default: SeriesState()].note(reading, kind: measurements[position].kind)
    }

    private mutating func advance(to now: Milliseconds) {
        for rollup in aggregator.close(through: now - grace) { engine.closed(rollup) }
        engine.advance(to: now)
    }

    private mutating func acknowledge(at now: Milliseconds) {
        let onset = engine.onset(rule: rule.name, scope: device.key) ?? .min
        let identity = AlertIdentity(rule: rule.name, scope: device.key, onset: onset)
        let command = AlertCommand(
            identity: identity, action: .acknowledge, operatorName: "test", comment: nil)
        guard engine.apply(command, at: now) == nil else { return }
        let at = Span.format(now - test.start)
        failures.append(
            RuleTest.Failure(place: test.place, message: "at \(at): there is nothing to acknowledge"))
    }

    private mutating func check(_ wanted: RuleTest.Expectation) {
        let state = engine.state(rule: rule.name, scope: device.key)
        guard state != wanted.state else { return }
        let got = state.map { "`\($0.rawValue)`" } ?? "no instance"
        failures.append(
            RuleTest.Failure(
                place: wanted.place,
                message:
                    "at \(Span.format(wanted.at)): expected `\(wanted.state.rawValue)`, got \(got) on \(device.key)"
            ))
    }
}
