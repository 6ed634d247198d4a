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
        /// Its thresholds, in `terms`.
        let terms: Range<Int>
        /// nil while that is not known.
        var holds: Bool?
    }

    /// One threshold of a probe.
    struct Term: BitwiseCopyable, Sendable {
        let probe: Int
        /// In `thresholds`: the same for all devices of the rule.
        let threshold: Int
        /// In `watches`.
        let watch: Int
        /// In `pasts`, negative if it looks at readings.
        let past: Int
        /// nil before the first evidence.
        var holds: Bool?
        /// While the term holds, or does not, as it did when it was judged last, evidence changes nothing; nil if it may.
        var settled: Bool?
        /// Time of the evidence with which `holds` changed last, and what it was before.
        var turnedAt = Milliseconds.min
        var heldBefore: Bool?
    }

    /// The closed windows that a term looks at.
    struct Past: Sendable {
        var windows = SlidingWindow()
        var divisors = SlidingWindow()
        var baseline: HourlyBaseline?
    }

    /// What a closed window is for a term.
    struct Feed: BitwiseCopyable, Sendable {
        enum Role: BitwiseCopyable, Sendable { case window, divisor, baseline }
        let term: Int32
        /// Of the term, in `pasts`.
        let past: Int32
        let role: Role
    }

    /// A term that looks at the evidence of a watch.
    struct Hearer: BitwiseCopyable, Sendable {
        let term: Int32
        /// The group whose member it is of; negative if it is of none.
        let group: Int32
    }

    package let rules: [AlertRule]
    package let registry: Registry
    let times: AlertTimes
    let groups: [AlertScope]
    var instances: [Instance] = []
    /// Of all instances, one behind the other; so are the terms of all probes.
    var probes: [Probe] = []
    var terms: [Term] = []
    var pasts: [Past] = []
    /// Of all rules, one behind the other.
    var thresholds: [AlertThreshold] = []
    var watches: [AlertWatch] = []
    /// By watch; those of members of groups first.
    var hearers = ShortLists<Hearer>()
    private var instanceOf: [String: [Int]] = [:]
    /// Instances that hear of a device, by slot.
    var listeners = ShortLists<Int32>()
    /// Who looks at readings, by `SeriesID`: the watch, negative if there is none.
    var onReading: [Int32]
    /// Whether rules see the quotient of a reading, by `SeriesID`.
    let isRatio: [Bool]
    /// What closed windows go to, by tier, then `SeriesID`.
    var onRollup: [ShortLists<Feed>] = []
    /// By slot.
    var presences: [Presence]
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
        presences = registry.devices.map {
            Presence(cadence: $0.cadence, gateway: $0.gateway.flatMap(registry.slot))
        }
        onReading = Array(repeating: -1, count: registry.series.count)
        isRatio = registry.shapes.map { $0?.kind == .ratio }
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
        var links = Links(registry)
        let firstThreshold = rules.map { rule in
            defer { thresholds.append(contentsOf: rule.thresholds) }
            return thresholds.count
        }
        for (rule, group, slots) in members {
            addInstance(rule, .group(group), slots, firstThreshold[rule], &links)
        }
        for rule in rules.indices where rules[rule].condition.group == nil {
            for slot in registry.devices.indices where rules[rule].fits(slot: slot, of: registry) {
                addInstance(rule, .device(slot), [slot], firstThreshold[rule], &links)
            }
        }
        hearers = ShortLists(links.hearers)
        listeners = ShortLists(links.listeners)
        onRollup = links.feeds.map { ShortLists($0) }
        for index in instances.indices { schedule(index) }
    }

    /// Who hears of what, while it is being found out.
    private struct Links {
        var hearers: [[Hearer]] = []
        var listeners: [[Int32]]
        /// By tier, then `SeriesID`.
        var feeds: [[[Feed]]]

        init(_ registry: Registry) {
            listeners = Array(repeating: [], count: registry.devices.count)
            feeds = Array(
                repeating: Array(repeating: [], count: registry.series.count), count: Tier.allCases.count)
        }
    }

    private mutating func addInstance(
        _ rule: Int, _ scope: Scope, _ slots: [Int], _ firstThreshold: Int, _ links: inout Links
    ) {
        let index = instances.count
        let first = probes.count
        let count = rules[rule].thresholds.count
        for slot in slots {
            probes.append(Probe(instance: index, slot: slot, terms: terms.count..<terms.count + count))
            for threshold in firstThreshold..<firstThreshold + count { addTerm(threshold, scope, &links) }
        }
        instances.append(Instance(rule: rule, scope: scope, probes: first..<probes.count))
        instanceOf[self.scope(of: index).key, default: []].append(index)
        guard case .device(let slot) = scope else { return }
        links.listeners[slot].append(Int32(index))
        if rules[rule].condition.cadences != nil { presences[slot].isAwaited = true }
    }

    /// Adds a term to the newest probe.
    private mutating func addTerm(_ threshold: Int, _ scope: Scope, _ links: inout Links) {
        let probe = probes.count - 1
        let term = Int32(terms.count)
        let signal = thresholds[threshold].signal
        let series = series(signal.measurement, probes[probe].slot)
        let watch = watch(of: signal.window == nil ? series : nil, &links)
        let past = addPast(signal.window)
        terms.append(Term(probe: probe, threshold: threshold, watch: watch, past: past))
        if case .group = scope {
            let hearer = Hearer(term: term, group: Int32(probes[probe].instance))
            links.hearers[watch].insert(hearer, at: watches[watch].memberCount)
            watches[watch].memberCount += 1
        } else {
            links.hearers[watch].append(Hearer(term: term, group: -1))
        }
        guard let window = signal.window, let series else { return }
        // A window that ends with the hour is judged by the hours before it: only then may this one join them.
        func feed(_ role: Feed.Role) -> Feed { Feed(term: term, past: Int32(past), role: role) }
        links.feeds[window.tier.rawValue][series].append(feed(.window))
        if pasts[past].baseline != nil { links.feeds[Tier.hour.rawValue][series].append(feed(.baseline)) }
        guard let divisor = signal.divisor.flatMap({ self.series($0, probes[probe].slot) }) else { return }
        links.feeds[window.tier.rawValue][divisor].append(feed(.divisor))
    }

    /// - Returns: negative for what looks at readings.
    private mutating func addPast(_ window: AlertWindow?) -> Int {
        guard let window else { return -1 }
        var past = Past()
        if case .deviation(let baseline) = window.figure {
            past.baseline = HourlyBaseline(weeks: baseline.weeks)
        }
        pasts.append(past)
        return pasts.count - 1
    }

    /// The watch on the readings of `series`; one of its own for what looks at windows.
    private mutating func watch(of series: Int?, _ links: inout Links) -> Int {
        if let series, onReading[series] >= 0 { return Int(onReading[series]) }
        if let series { onReading[series] = Int32(watches.count) }
        watches.append(AlertWatch())
        links.hearers.append([])
        return watches.count - 1
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

    /// When the condition of the present alert began to hold; nil if the rule has no instance there. For rule tests.
    package func onset(rule: String, scope: String) -> Milliseconds? {
        index(rule: rule, scope: scope).map { instances[$0].machine.onset }
    }

    func threshold(of term: Int) -> AlertThreshold { thresholds[terms[term].threshold] }

    func index(rule: String, scope: String) -> Int? {
        instanceOf[scope]?.first { rules[instances[$0].rule].name == rule }
    }

    // MARK: Restart

    /// A stored window, put back after a restart: remembered, not judged again.
    package mutating func restore(_ rollup: Rollup) {
        guard rollup.series.index < onReading.count else { return }
        let feeds = onRollup[rollup.tier.rawValue]
        for position in feeds.range(rollup.series.index) { add(rollup, feeds[position]) }
    }

    /// Which stored windows of `tier` are wanted after a restart: of each series those that begin less than `length` before
    /// its newest, however long ago that was.
    package func history(_ tier: Tier) -> [(series: SeriesID, length: Milliseconds)] {
        let feeds = onRollup[tier.rawValue]
        return onReading.indices.compactMap { series in
            feeds.range(series).map { length(feeds[$0]) }.max().map { (SeriesID(UInt32(series)), $0) }
        }
    }

    private func length(_ feed: Feed) -> Milliseconds {
        guard let window = threshold(of: Int(feed.term)).signal.window else { return 0 }
        guard feed.role == .baseline, case .deviation(let baseline) = window.figure else {
            return window.length
        }
        return Milliseconds(baseline.weeks) * 7 * Span.day + Span.hour
    }

    /// Puts a kept state back; false if its rule or device is no longer there.
    package mutating func restore(_ state: AlertInstanceState) -> Bool {
        guard let index = index(rule: state.rule, scope: state.scope) else { return false }
        let rule = rule(of: index)
        instances[index].machine = state.machine
        instances[index].value = state.value
        // The rule may have had more steps and thresholds then.
        instances[index].machine.limitEscalations(to: rule.conduct.escalations.count)
        instances[index].headline = state.headline < rule.thresholds.count ? state.headline : 0
        if case .group = instances[index].scope { instances[index].groupHolds = state.machine.holds }
        push(index, due: .min)
        guard case .device = instances[index].scope else { return true }
        let own = probes[instances[index].probes.lowerBound].terms
        if state.terms.count == own.count {
            for (term, holds) in zip(own, state.terms) {
                terms[term].holds = holds
                settle(term, nil)
            }
        }
        guard own.count == 1, !state.isAtRest else { return true }
        let term = own.lowerBound
        terms[term].holds = state.machine.holds
        settle(term, nil)
        // Of one threshold alone it is known that this was its evidence, unless a calendar or a regime may have been.
        guard !rule.isTimed else { return true }
        let watch = terms[term].watch
        watches[watch].time = max(watches[watch].time, state.machine.holdsSince)
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
