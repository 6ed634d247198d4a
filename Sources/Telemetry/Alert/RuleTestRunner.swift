/// Runs rule tests through the aggregator and the engine that run live, on a clock that is handed in.
package struct RuleTestRunner: Sendable {
    private let profiles: [DeviceProfile]
    private let devices: [Device]
    private let rules: [AlertRule]
    private let zone: ZoneOffsets
    private let wards: [Ward]
    private let times: AlertTimes
    /// How long a window waits for readings on their way.
    private let grace: Milliseconds

    package init(
        profiles: [DeviceProfile], devices: [Device], rules: [AlertRule], zone: ZoneOffsets,
        wards: [Ward] = [], times: AlertTimes? = nil, grace: Milliseconds = 2 * Span.second
    ) {
        self.wards = wards
        self.times = times ?? AlertTimes(zone: zone)
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
        guard let (scope, members) = scope(of: test, rule) else {
            let wanted = test.device ?? test.group
            return fail(wanted.map { "\(rule.name) does not fit \($0)" } ?? "\(rule.name) fits no device")
        }
        var world = members
        if test.gateway != nil {
            guard let gateway = devices.first(where: { $0.key == members[0].gateway }) else {
                return fail("\(members[0].key) has no gateway")
            }
            world.append(gateway)
        }
        var run = RuleTestRun(
            test: test, rule: rule, scope: scope, memberCount: members.count,
            registry: Registry(profiles: profiles, devices: world, wards: wards), times: times, grace: grace)
        return run.toEnd()
    }

    /// What the test is about: a device, or a group with its members.
    private func scope(of test: RuleTest, _ rule: AlertRule) -> (key: String, members: [Device])? {
        let wanted = devices.filter { test.device == nil || $0.key == test.device }
        let registry = Registry(profiles: profiles, devices: wanted)
        guard let group = rule.condition.group else {
            return wanted.indices.first { rule.fits(slot: $0, of: registry) }.map {
                (wanted[$0].key, [wanted[$0]])
            }
        }
        let groups = AlertScope.groups(of: rule, group, registry)
        return groups.first { test.group == nil || $0.scope.key == test.group }.map { scope, slots in
            (scope.key, slots.map { wanted[$0] })
        }
    }
}

/// One run of one test: the small world of a rule and what it is on.
private struct RuleTestRun {
    /// What happens at one moment, in this order.
    private enum Step: Int {
        case regime, reading, tick, act, expect
    }

    let test: RuleTest
    let rule: AlertRule
    let scope: String
    /// Behind them in the registry is the gateway, if the test has one.
    let memberCount: Int
    let registry: Registry
    let grace: Milliseconds
    private var engine: AlertEngine
    private var aggregator: Aggregator
    /// What the series said last, as the live service keeps it.
    private var states: [SeriesID: NewestReading] = [:]
    private var failures: [RuleTest.Failure] = []

    init(
        test: RuleTest, rule: AlertRule, scope: String, memberCount: Int, registry: Registry,
        times: AlertTimes, grace: Milliseconds
    ) {
        self.memberCount = memberCount
        self.test = test
        self.rule = rule
        self.scope = scope
        self.registry = registry
        self.grace = grace
        engine = AlertEngine(rules: [rule], registry: registry, listeningSince: test.start, times: times)
        aggregator = Aggregator(
            shapes: registry.shapes, zone: times.zone,
            closedThrough: Tier.minute.start(of: test.start, in: times.zone))
    }

    mutating func toEnd() -> [RuleTest.Failure] {
        for (at, step, index) in agenda() {
            if step == .regime {
                let change = test.regimes[index]
                _ = engine.switch(change.regime, on: change.isOn, at: at)
            }
            if step == .reading { take(index, at: at) }
            advance(to: at)
            if step == .act { perform(test.acts[index].kind, at: at) }
            if step == .expect { check(test.expectations[index]) }
        }
        return failures
    }

    /// Everything that happens up to the last expectation, in order of time.
    private func agenda() -> [(at: Milliseconds, step: Step, index: Int)] {
        let end = test.start + (test.expectations.map(\.at).max() ?? 0)
        var agenda: [(at: Milliseconds, step: Step, index: Int)] = []
        let count = (test.series.map(\.values.count) + [test.gateway?.count ?? 0]).max() ?? 0
        for index in 0..<count {
            agenda.append((test.start + Milliseconds(index) * test.step, .reading, index))
        }
        // A window is judged when the clock is past its end by the grace.
        var tick = test.start - test.start.floorDivided(by: Span.minute).remainder + grace
        while tick <= end {
            agenda.append((tick, .tick, 0))
            tick += Span.minute
        }
        for (index, act) in test.acts.enumerated() { agenda.append((test.start + act.at, .act, index)) }
        for (index, change) in test.regimes.enumerated() {
            agenda.append((test.start + change.at, .regime, index))
        }
        for (index, wanted) in test.expectations.enumerated() {
            agenda.append((test.start + wanted.at, .expect, index))
        }
        return agenda.filter { $0.at >= test.start && $0.at <= end }
            .sorted { ($0.at, $0.step.rawValue, $0.index) < ($1.at, $1.step.rawValue, $1.index) }
    }

    /// The messages that carry the values at `index`, if there are any: of each device one.
    private mutating func take(_ index: Int, at time: Milliseconds) {
        if let gateway = test.gateway, gateway.indices.contains(index), gateway[index] {
            engine.heard(registry.deviceIDs[memberCount], at: time)
        }
        for slot in 0..<memberCount {
            let values = test.series.compactMap { series -> (String, Double)? in
                guard series.device == nil || series.device == registry.devices[slot].key,
                    series.values.indices.contains(index)
                else { return nil }
                return series.values[index].map { (series.measurement, $0) }
            }
            guard !values.isEmpty else { continue }
            engine.heard(registry.deviceIDs[slot], at: time)
            for (name, value) in values {
                guard let reading = reading(slot, name, value, at: time), reading.quality != .bad else {
                    continue
                }
                engine.read(reading)
                aggregator.add(reading)
            }
        }
    }

    private mutating func reading(_ slot: Int, _ name: String, _ value: Double, at time: Milliseconds)
        -> Reading?
    {
        let measurements = registry.profile(ofSlot: slot).measurements
        guard let position = measurements.firstIndex(where: { $0.name == name }) else { return nil }
        let series = registry.seriesIDs[slot][position]
        var reading = Reading(series: series, time: time, value: value)
        if let valid = measurements[position].valid, !valid.contains(value) { reading.quality = .bad }
        return states[series, default: NewestReading()].note(reading, kind: measurements[position].kind)
    }

    private mutating func advance(to now: Milliseconds) {
        engine.closed(aggregator.close(through: now - grace))
        engine.advance(to: now)
    }

    private mutating func perform(_ act: RuleTest.Act.Kind, at now: Milliseconds) {
        let onset = engine.onset(rule: rule.name, scope: scope) ?? .min
        let command = AlertCommand(
            identity: AlertIdentity(rule: rule.name, scope: scope, onset: onset), action: act.action(at: now),
            operatorName: "test", comment: nil)
        guard engine.apply(command, at: now) == nil else { return }
        let at = Span.format(now - test.start)
        failures.append(RuleTest.Failure(place: test.place, message: "at \(at): \(act.refusal)"))
    }

    private mutating func check(_ wanted: RuleTest.Expectation) {
        let machine = engine.index(rule: rule.name, scope: scope).map { engine.instances[$0].machine }
        var wrong: [(expected: String, got: String)] = []
        if machine?.state != wanted.state {
            let got = machine.map { "`\($0.state.rawValue)`" } ?? "no instance"
            wrong.append(("`\(wanted.state.rawValue)`", got))
        }
        let escalated = machine?.escalated ?? 0
        if let count = wanted.escalated, count != escalated {
            wrong.append(("`escalated: \(count)`", "\(escalated)"))
        }
        let isUnverified = machine?.unverifiedSince != nil
        if let expected = wanted.isUnverified, expected != isUnverified {
            wrong.append(("`unverified: \(expected)`", "\(isUnverified)"))
        }
        failures += wrong.map { expected, got in
            RuleTest.Failure(
                place: wanted.place,
                message: "at \(Span.format(wanted.at)): expected \(expected), got \(got) on \(scope)")
        }
    }
}

extension RuleTest.Act.Kind {
    fileprivate func action(at now: Milliseconds) -> AlertCommand.Action {
        switch self {
        case .acknowledge: .acknowledge
        case .reset: .reset
        case .unshelve: .unshelve
        case .shelve(let length, let isOneShot): .shelve(until: now + length, isOneShot: isOneShot)
        case .takeOutOfService: .takeOutOfService
        case .putIntoService: .putIntoService
        }
    }

    fileprivate var refusal: String {
        switch self {
        case .acknowledge: "there is nothing to acknowledge"
        case .reset: "there is nothing to reset"
        case .unshelve: "it is not shelved"
        case .shelve: "there is nothing to shelve"
        case .takeOutOfService: "it is out of service already"
        case .putIntoService: "it is in service already"
        }
    }
}
