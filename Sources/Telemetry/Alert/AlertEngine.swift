/// Evaluates every rule on every device or group it fits: readings, rollups, silence and operators in, transitions out.
package struct AlertEngine: Sendable {
    /// One rule on one device or group.
    struct Instance: Sendable {
        let rule: Int
        let scope: Scope
        var machine = AlertStateMachine()
        /// Its probes: one for a device, one for each member of a group.
        let probes: Range<Int>
        /// The value that decided last, and which of its thresholds was asked.
        var value: Double?
        var headline = 0
        /// Of a group: whether its limit holds, and whether a member has changed since it was judged.
        var groupHolds = false
        var isStale = false
        /// When it is looked at next; what stands in `timers` with another time is of no use any more.
        var nextDue = Milliseconds.max
    }

    enum Scope: Sendable, Equatable {
        /// Position in `registry.devices`.
        case device(Int)
        /// Position in `groups`.
        case group(Int)
    }

    /// What a rule asks of one device.
    struct Probe: Sendable {
        let instance: Int
        let slot: Int
        /// Its thresholds begin here in `terms`.
        let firstTerm: Int
        /// nil while that is not known.
        var holds: Bool?
    }

    /// One threshold of a probe.
    struct Term: Sendable {
        let probe: Int
        let threshold: AlertThreshold
        var windows = SlidingWindow()
        var divisors = SlidingWindow()
        var baseline: HourlyBaseline?
        /// nil before the first evidence.
        var holds: Bool?
        /// Time of the evidence with which `holds` changed last.
        var turnedAt = Milliseconds.min
    }

    /// What evidence of a term meets first: nearly all of it changes nothing, and then one line of the cache was enough.
    struct Watch: Sendable {
        let limit: AlertLimit
        /// Time of the newest evidence: older evidence does not turn a decision back.
        var evidenceTime = Milliseconds.min
        /// Of the newest evidence since the engine began; not kept over a restart.
        var value: Double?
        /// While the term holds, or does not, as it did when it was judged last, evidence changes nothing; nil if it may.
        var settled: Bool?
        let isMember: Bool
        let instance: Int32
    }

    /// What a closed window is for a term.
    struct Feed: Sendable {
        enum Role: Sendable { case window, divisor, baseline }
        let term: Int32
        let role: Role
    }

    package let rules: [AlertRule]
    package let registry: Registry
    let times: AlertTimes
    let groups: [AlertScope]
    var instances: [Instance] = []
    /// Of all instances, one behind the other; so are the terms of all probes.
    var probes: [Probe] = []
    var terms: [Term] = []
    var watches: [Watch] = []
    private var instanceOf: [String: [Int]] = [:]
    /// Instances that hear of a device, by slot.
    var listeners: [[Int32]]
    /// Terms that look at readings, by `SeriesID`.
    var onReading: [[Int32]]
    /// Whether rules see the quotient of a reading, by `SeriesID`.
    let isRatio: [Bool]
    /// What closed windows go to, by tier, then `SeriesID`.
    var onRollup: [[[Feed]]]
    /// Arrival of the last message, by slot.
    var lastSeen: [Milliseconds?]
    var departed: [Milliseconds?]
    /// When the device was heard after it had been down, by slot: its children were not heard before.
    var backSince: [Milliseconds]
    /// Position of a device's gateway, by slot.
    let gateways: [Int?]
    /// Whether the next message of a device ends something, by slot.
    var isAwaited: [Bool]
    /// Silence before this is not the device's: nobody was listening.
    let listeningSince: Milliseconds
    /// Regimes that are on.
    package internal(set) var regimes: Set<String> = []
    /// The newest moment that was handed in.
    var clock: Milliseconds
    var timers = Timers()
    var events: [AlertEvent] = []
    /// By instance.
    var hindsights: [Int: AlertHindsight] = [:]
    var changed: Set<Int> = []

    package init(
        rules: [AlertRule], registry: Registry, listeningSince: Milliseconds,
        times: AlertTimes = AlertTimes(zone: .utc)
    ) {
        self.rules = rules
        self.registry = registry
        self.listeningSince = listeningSince
        self.times = times
        clock = listeningSince
        let devices = registry.devices
        lastSeen = Array(repeating: nil, count: devices.count)
        departed = Array(repeating: nil, count: devices.count)
        backSince = Array(repeating: .min, count: devices.count)
        isAwaited = Array(repeating: false, count: devices.count)
        listeners = Array(repeating: [], count: devices.count)
        gateways = devices.map { $0.gateway.flatMap(registry.slot) }
        onReading = Array(repeating: [], count: registry.series.count)
        isRatio = registry.shapes.map { $0?.kind == .ratio }
        onRollup = Array(
            repeating: Array(repeating: [], count: registry.series.count), count: Tier.allCases.count)
        var groups: [AlertScope] = []
        var members: [(rule: Int, group: Int, slots: [Int])] = []
        for (index, rule) in rules.enumerated() {
            guard let group = rule.condition.group else { continue }
            for (scope, slots) in AlertScope.groups(of: rule, group, registry) {
                members.append((index, groups.count, slots))
                groups.append(scope)
            }
        }
        self.groups = groups
        for (rule, group, slots) in members { addInstance(rule, .group(group), slots) }
        for rule in rules.indices where rules[rule].condition.group == nil {
            for slot in devices.indices where rules[rule].fits(slot: slot, of: registry) {
                addInstance(rule, .device(slot), [slot])
            }
        }
        for index in instances.indices { schedule(index) }
    }

    private mutating func addInstance(_ rule: Int, _ scope: Scope, _ slots: [Int]) {
        let index = instances.count
        let first = probes.count
        for slot in slots {
            probes.append(Probe(instance: index, slot: slot, firstTerm: terms.count))
            for threshold in rules[rule].thresholds {
                addTerm(threshold, of: probes.count - 1, slot, isMember: rules[rule].condition.group != nil)
            }
        }
        instances.append(Instance(rule: rule, scope: scope, probes: first..<probes.count))
        instanceOf[self.scope(of: index).key, default: []].append(index)
        guard case .device(let slot) = scope else { return }
        listeners[slot].append(Int32(index))
        if rules[rule].condition.cadences != nil { isAwaited[slot] = true }
    }

    private mutating func addTerm(
        _ threshold: AlertThreshold, of probe: Int, _ slot: Int, isMember: Bool
    ) {
        let term = Int32(terms.count)
        var made = Term(probe: probe, threshold: threshold)
        if case .deviation(let baseline) = threshold.signal.window?.figure {
            made.baseline = HourlyBaseline(weeks: baseline.weeks)
        }
        terms.append(made)
        watches.append(
            Watch(
                limit: threshold.limit, isMember: isMember, instance: Int32(probes[probe].instance)))
        guard let series = series(threshold.signal.measurement, slot) else { return }
        guard let window = threshold.signal.window else { return onReading[series].append(term) }
        // A window that ends with the hour is judged by the hours before it: only then may this one join them.
        onRollup[window.tier.rawValue][series].append(Feed(term: term, role: .window))
        if terms[Int(term)].baseline != nil {
            onRollup[Tier.hour.rawValue][series].append(Feed(term: term, role: .baseline))
        }
        guard let divisor = threshold.signal.divisor.flatMap({ self.series($0, slot) }) else { return }
        onRollup[window.tier.rawValue][divisor].append(Feed(term: term, role: .divisor))
    }

    private func series(_ measurement: String, _ slot: Int) -> Int? {
        let measurements = registry.profile(ofSlot: slot).measurements
        return measurements.firstIndex { $0.name == measurement }.map { registry.seriesIDs[slot][$0].index }
    }

    // MARK: What it knows

    func rule(of index: Int) -> AlertRule { rules[instances[index].rule] }

    func scope(of index: Int) -> AlertScope {
        switch instances[index].scope {
        case .device(let slot): AlertScope(registry.devices[slot])
        case .group(let group): groups[group]
        }
    }

    /// Whether it is the time of a calendar or a regime.
    func isOn(_ name: String, at time: Milliseconds) -> Bool { times.isOn(name, at: time, regimes: regimes) }

    /// The state of a rule on a device or group, nil if there is no such instance.
    package func state(rule: String, scope: String) -> AlertState? {
        index(rule: rule, scope: scope).map { instances[$0].machine.state }
    }

    /// The machine of a rule on a device: for rule tests, which acknowledge by name.
    package func onset(rule: String, scope: String) -> Milliseconds? {
        index(rule: rule, scope: scope).map { instances[$0].machine.onset }
    }

    package var instanceCount: Int { instances.count }

    func index(rule: String, scope: String) -> Int? {
        instanceOf[scope]?.first { rules[instances[$0].rule].name == rule }
    }

    // MARK: Restart

    /// A stored window, put back after a restart: remembered, not judged again.
    package mutating func restore(_ rollup: Rollup) {
        guard rollup.series.index < onReading.count else { return }
        for feed in onRollup[rollup.tier.rawValue][rollup.series.index] { add(rollup, feed) }
    }

    /// Which stored windows of `tier` are wanted after a restart: of each series those that begin less than `length` before
    /// its newest, however long ago that was.
    package func history(_ tier: Tier) -> [(series: SeriesID, length: Milliseconds)] {
        onRollup[tier.rawValue].enumerated().compactMap { series, feeds in
            feeds.map(length).max().map { (SeriesID(UInt32(series)), $0) }
        }
    }

    private func length(_ feed: Feed) -> Milliseconds {
        guard let window = terms[Int(feed.term)].threshold.signal.window else { return 0 }
        guard feed.role == .baseline, case .deviation(let baseline) = window.figure else {
            return window.length
        }
        return Milliseconds(baseline.weeks) * 7 * Span.day + Span.hour
    }

    /// Puts a kept state back; false if its rule or device is no longer there.
    package mutating func restore(_ state: AlertInstanceState) -> Bool {
        guard let index = index(rule: state.rule, scope: state.scope) else { return false }
        instances[index].machine = state.machine
        instances[index].value = state.value
        instances[index].headline = state.headline
        if case .group = instances[index].scope { instances[index].groupHolds = state.machine.holds }
        push(index, due: .min)
        guard case .device = instances[index].scope else { return true }
        let probe = instances[index].probes.lowerBound
        let first = probes[probe].firstTerm
        let count = rule(of: index).thresholds.count
        if state.terms.count == count {
            for (term, holds) in state.terms.enumerated() {
                terms[first + term].holds = holds
                watches[first + term].settled = nil
            }
        }
        guard count == 1, !state.isAtRest else { return true }
        // Of one threshold alone it is known that this was its evidence.
        terms[first].holds = state.machine.holds
        watches[first].settled = nil
        watches[first].evidenceTime = max(watches[first].evidenceTime, state.machine.holdsSince)
        return true
    }

    package mutating func restore(lastSeen time: Milliseconds, of device: DeviceID) {
        heard(device, at: time)
    }

    /// Which regimes were on when the service ended.
    package mutating func restore(regimes: Set<String>) {
        self.regimes = regimes.intersection(times.regimes.map(\.name))
    }
}
