/// Evaluates every rule on every device it fits: readings, rollups, silence and operators in, transitions out.
package struct AlertEngine: Sendable {
    /// One rule on one device.
    struct Instance: Sendable {
        let rule: Int
        let slot: Int
        var machine = AlertStateMachine()
        /// Its thresholds begin here in `terms`.
        let firstTerm: Int
        /// The value that decided last, and which of its thresholds was asked.
        var value: Double?
        var headline = 0
    }

    /// One threshold of an instance.
    struct Term: Sendable {
        let instance: Int
        let threshold: AlertThreshold
        var windows = SlidingWindow()
        var divisors = SlidingWindow()
        /// Of the newest evidence since the engine began; not kept over a restart.
        var value: Double?
        /// nil before the first evidence.
        var holds: Bool?
        /// Time of the newest evidence: older evidence does not turn a decision back.
        var evidenceTime = Milliseconds.min
    }

    /// A term that a closed window goes to.
    private struct Feed: Sendable {
        let term: Int32
        let isDivisor: Bool
    }

    package let rules: [AlertRule]
    package let registry: Registry
    private(set) var instances: [Instance] = []
    /// Of all instances, one behind the other.
    private(set) var terms: [Term] = []
    private var instanceOf: [String: [Int]] = [:]
    /// Terms that look at readings, by `SeriesID`.
    private var onReading: [[Int32]]
    /// What closed windows go to, by tier, then `SeriesID`.
    private var onRollup: [[[Feed]]]
    private var onSilence: [Int] = []
    private var onClock: [Int] = []
    /// Instances that operators have set aside.
    private var shelved: Set<Int> = []
    /// Arrival of the last message, by slot.
    private(set) var lastSeen: [Milliseconds?]
    private var departed: [Milliseconds?]
    /// Silence before this is not the device's: nobody was listening.
    private let listeningSince: Milliseconds
    private var events: [AlertEvent] = []
    private var changed: Set<Int> = []

    package init(rules: [AlertRule], registry: Registry, listeningSince: Milliseconds) {
        self.rules = rules
        self.registry = registry
        self.listeningSince = listeningSince
        lastSeen = Array(repeating: nil, count: registry.devices.count)
        departed = Array(repeating: nil, count: registry.devices.count)
        onReading = Array(repeating: [], count: registry.series.count)
        onRollup = Array(
            repeating: Array(repeating: [], count: registry.series.count), count: Tier.allCases.count)
        for rule in rules.indices {
            for slot in registry.devices.indices where rules[rule].fits(slot: slot, of: registry) {
                addInstance(rule, slot)
            }
        }
    }

    private mutating func addInstance(_ rule: Int, _ slot: Int) {
        let index = instances.count
        let thresholds = rules[rule].thresholds
        instances.append(Instance(rule: rule, slot: slot, firstTerm: terms.count))
        instanceOf[registry.devices[slot].key, default: []].append(index)
        for threshold in thresholds { addTerm(threshold, of: index, slot) }
        if thresholds.isEmpty { onSilence.append(index) }
        // A window that would say otherwise closes a moment later: only readings stand until the next.
        if !thresholds.isEmpty, thresholds.allSatisfy({ $0.signal.window == nil }), rules[rule].onDelay > 0 {
            onClock.append(index)
        }
    }

    private mutating func addTerm(_ threshold: AlertThreshold, of instance: Int, _ slot: Int) {
        let term = Int32(terms.count)
        terms.append(Term(instance: instance, threshold: threshold))
        guard let series = series(threshold.signal.measurement, slot) else { return }
        guard let window = threshold.signal.window else { return onReading[series].append(term) }
        onRollup[window.tier.rawValue][series].append(Feed(term: term, isDivisor: false))
        guard let divisor = threshold.signal.divisor.flatMap({ self.series($0, slot) }) else { return }
        onRollup[window.tier.rawValue][divisor].append(Feed(term: term, isDivisor: true))
    }

    private func series(_ measurement: String, _ slot: Int) -> Int? {
        let measurements = registry.profile(ofSlot: slot).measurements
        return measurements.firstIndex { $0.name == measurement }.map { registry.seriesIDs[slot][$0].index }
    }

    // MARK: Evidence

    /// A message of the device was accepted at `arrival`.
    package mutating func heard(_ device: DeviceID, at arrival: Milliseconds) {
        guard device.index < registry.slots.count, let slot = registry.slots[device.index] else { return }
        lastSeen[slot] = max(lastSeen[slot] ?? .min, arrival)
        departed[slot] = nil
    }

    /// Its gateway says that it is gone: it is quiet from now on, and nobody need wait.
    package mutating func departed(_ device: DeviceID, at time: Milliseconds) {
        guard device.index < registry.slots.count, let slot = registry.slots[device.index] else { return }
        departed[slot] = time
    }

    /// A reading of good or uncertain quality.
    @inline(__always)
    package mutating func read(_ reading: Reading) {
        let index = reading.series.index
        guard index < onReading.count, !onReading[index].isEmpty else { return }
        judge(reading)
    }

    private mutating func judge(_ reading: Reading) {
        let value = shown(reading)
        for term in onReading[reading.series.index] { decide(Int(term), value, at: reading.time) }
    }

    /// The value as rules have it: of a ratio the quotient.
    private func shown(_ reading: Reading) -> Double {
        let isRatio =
            registry.series[reading.series.index].map { registry.measurement($0).kind == .ratio } ?? false
        return isRatio ? reading.value / reading.weight : reading.value
    }

    /// A window that closed, or a late part of one.
    package mutating func closed(_ rollup: Rollup) {
        guard rollup.series.index < onReading.count else { return }
        for feed in onRollup[rollup.tier.rawValue][rollup.series.index] {
            add(rollup, feed)
            let term = Int(feed.term)
            guard let value = value(of: term, at: rollup.start) else { continue }
            decide(term, value, at: rollup.start + rollup.tier.length)
        }
    }

    private mutating func add(_ rollup: Rollup, _ feed: Feed) {
        let term = Int(feed.term)
        terms[term].evidenceTime = max(terms[term].evidenceTime, rollup.start + rollup.tier.length)
        guard let window = terms[term].threshold.signal.window else { return }
        var keepsDetail = false
        if case .statistic(let statistic) = window.figure { keepsDetail = statistic.quantile != nil }
        if feed.isDivisor {
            terms[term].divisors.add(rollup, length: window.length, keepsDetail: keepsDetail)
        } else {
            terms[term].windows.add(rollup, length: window.length, keepsDetail: keepsDetail)
        }
    }

    /// The figure of the window that ends with the part from `start` on; nil if that is not the newest, or there is none.
    /// Of two measurements both must have it: a quotient of two times says nothing.
    private func value(of term: Int, at start: Milliseconds) -> Double? {
        guard let window = terms[term].threshold.signal.window, terms[term].windows.newest == start,
            let value = terms[term].windows.value(window)
        else { return nil }
        guard terms[term].threshold.signal.divisor != nil else { return value }
        guard terms[term].divisors.newest == start, let divisor = terms[term].divisors.value(window),
            divisor != 0
        else { return nil }
        let quotient = value / divisor
        return quotient.isFinite ? quotient : nil
    }

    /// A stored window, put back after a restart: remembered, not judged again.
    package mutating func restore(_ rollup: Rollup) {
        guard rollup.series.index < onReading.count else { return }
        for feed in onRollup[rollup.tier.rawValue][rollup.series.index] {
            add(rollup, feed)
        }
    }

    /// Which stored windows of `tier` are wanted after a restart: of each series those that begin less than `length` before
    /// its newest, however long ago that was.
    package func history(_ tier: Tier) -> [(series: SeriesID, length: Milliseconds)] {
        onRollup[tier.rawValue].enumerated().compactMap { series, feeds in
            let lengths = feeds.map { terms[Int($0.term)].threshold.signal.window?.length ?? 0 }
            return lengths.max().map { (SeriesID(UInt32(series)), $0) }
        }
    }

    private mutating func decide(_ term: Int, _ value: Double, at time: Milliseconds) {
        guard time >= terms[term].evidenceTime else { return }
        terms[term].evidenceTime = time
        let index = terms[term].instance
        let first = instances[index].firstTerm
        let rule = rules[instances[index].rule]
        let before = instances[index].machine
        let limit = terms[term].threshold.limit
        let held = terms[term].holds
        terms[term].holds = limit.holds(at: value, before: held ?? false)
        terms[term].value = value
        if terms[term].holds != held { changed.insert(index) }
        guard let holds = rule.condition.holds({ terms[first + $0].holds }) else { return }
        // Kept, too: after a restart the next transition tells of the newest value, not of the first.
        if holds, instances[index].value != value {
            instances[index].value = value
            instances[index].headline = term - first
            changed.insert(index)
        }
        // Each term has a time of its own; the condition's is the newest.
        let moment = terms[first..<first + rule.thresholds.count].reduce(time) { max($0, $1.evidenceTime) }
        let transition = instances[index].machine.observe(
            holds, at: moment, onDelay: rule.onDelay, offDelay: rule.offDelay)
        note(index, transition, before, value: value, limit: limit.limit(at: value))
    }

    // MARK: Clock

    /// The clock reached `now`: on-delays end, and silence is seen.
    package mutating func advance(to now: Milliseconds) {
        for index in shelved.sorted() {
            let before = instances[index].machine
            noteStanding(index, instances[index].machine.elapseShelf(to: now), before)
        }
        for index in onClock where instances[index].machine.holds {
            let before = instances[index].machine
            let rule = rules[instances[index].rule]
            let transition = instances[index].machine.elapse(to: now, onDelay: rule.onDelay)
            let limit = rule.thresholds[instances[index].headline].limit
            note(
                index, transition, before, value: instances[index].value,
                limit: instances[index].value.map(limit.limit))
        }
        for index in onSilence { judgeSilence(index, now) }
    }

    private mutating func judgeSilence(_ index: Int, _ now: Milliseconds) {
        let rule = rules[instances[index].rule]
        let slot = instances[index].slot
        let before = instances[index].machine
        let seen = lastSeen[slot]
        let since = max(seen ?? .min, listeningSince)
        let isOverdue: Bool
        let isBack: Bool
        let allowed: Milliseconds
        switch rule.condition {
        case .threshold, .all, .any: return
        case .quiet(let cadences):
            allowed = Milliseconds(cadences * Double(registry.devices[slot].cadence))
            isOverdue = seen != nil && (now > since + allowed || departed[slot] != nil)
            // Only a message ends it: after a restart nobody knows yet, and not knowing is no reason to clear.
            isBack = seen.map { $0 > before.holdsSince } ?? false
        case .neverReported(let cadences):
            allowed = Milliseconds(cadences * Double(registry.devices[slot].cadence))
            isOverdue = seen == nil && now > since + allowed
            isBack = seen != nil
        }
        let holds = before.holds ? !isBack : isOverdue
        let end = departed[slot].map { min($0, since + allowed) } ?? since + allowed
        let time = holds ? (before.holds ? now : end) : seen ?? now
        let quietMinutes = Double(now - since) / Double(Span.minute)
        if holds { instances[index].value = quietMinutes }
        let transition = instances[index].machine.observe(
            holds, at: time, onDelay: rule.onDelay, offDelay: rule.offDelay)
        note(index, transition, before, value: quietMinutes, limit: Double(allowed) / Double(Span.minute))
    }

    // MARK: Operators

    /// - Returns: the transition, nil if the alert is not in a state that allows it or is not known.
    package mutating func apply(_ command: AlertCommand, at now: Milliseconds) -> AlertEvent? {
        guard
            let index = instanceOf[command.identity.scope]?.first(where: {
                rules[instances[$0].rule].name == command.identity.rule
            }), instances[index].machine.onset == command.identity.onset
        else { return nil }
        let before = instances[index].machine
        let transition =
            switch command.action {
            case .acknowledge: instances[index].machine.acknowledge(at: now)
            case .unacknowledge: instances[index].machine.unacknowledge(at: now)
            case .shelve(let until, let isOneShot):
                instances[index].machine.shelve(until: until, isOneShot: isOneShot, at: now)
            case .unshelve: instances[index].machine.unshelve(at: now)
            }
        guard let transition else { return nil }
        if command.action == .unshelve {
            noteStanding(index, transition, before, command)
        } else {
            note(index, transition, before, value: nil, limit: nil, command)
        }
        return events.last
    }

    // MARK: Results

    /// With the value of now: it has changed since the alert was last told of.
    private mutating func noteStanding(
        _ index: Int, _ transition: AlertStateMachine.Transition?, _ before: AlertStateMachine,
        _ command: AlertCommand? = nil
    ) {
        let instance = instances[index]
        let thresholds = rules[instance.rule].thresholds
        // What silence has to say is said by the clock.
        let value = thresholds.isEmpty ? nil : instance.value
        let limit = value.map { thresholds[instance.headline].limit.limit(at: $0) }
        note(index, transition, before, value: value, limit: limit, command)
    }

    private mutating func note(
        _ index: Int, _ transition: AlertStateMachine.Transition?, _ before: AlertStateMachine,
        value: Double?,
        limit: Double?, _ command: AlertCommand? = nil
    ) {
        if instances[index].machine != before { keep(index) }
        guard let transition else { return }
        let rule = rules[instances[index].rule]
        let device = registry.devices[instances[index].slot]
        events.append(
            AlertEvent(
                identity: AlertIdentity(
                    rule: rule.name, scope: device.key, onset: instances[index].machine.onset),
                domain: device.domain, ward: device.ward, priority: rule.priority, from: transition.from,
                to: transition.to, at: transition.at, cause: transition.cause, value: value, limit: limit,
                summary: summary(rule, instances[index], limit), operatorName: command?.operatorName,
                comment: command?.comment, shelvedUntil: instances[index].machine.shelf?.until))
    }

    private mutating func keep(_ index: Int) {
        changed.insert(index)
        if instances[index].machine.shelf != nil { shelved.insert(index) } else { shelved.remove(index) }
    }

    private func summary(_ rule: AlertRule, _ instance: Instance, _ limit: Double?) -> Title {
        let device = registry.devices[instance.slot]
        let profile = registry.profile(ofSlot: instance.slot)
        let unit =
            rule.thresholds.isEmpty
            ? "min" : rule.thresholds[instance.headline].signal.unit(in: profile) ?? ""
        let values = [
            "device.id": device.key, "device.name": device.name.vi, "device.name_en": device.name.en,
            "ward": device.ward, "value": instance.value.map(AlertText.number) ?? "?",
            "limit": limit.map(AlertText.number) ?? "?", "unit": unit,
        ]
        return Title(vi: AlertText.fill(rule.summary.vi, values), en: AlertText.fill(rule.summary.en, values))
    }

    /// Transitions since the last call, in order.
    package mutating func takeEvents() -> [AlertEvent] {
        defer { events.removeAll() }
        return events
    }

    /// Instances that changed since the last call, as they are to be kept.
    package mutating func takeChanges() -> [AlertInstanceState] {
        guard !changed.isEmpty else { return [] }
        defer { changed.removeAll(keepingCapacity: true) }
        return changed.sorted().map { index in
            let instance = instances[index]
            let rule = rules[instance.rule]
            let own = terms[instance.firstTerm..<instance.firstTerm + rule.thresholds.count]
            return AlertInstanceState(
                rule: rule.name, scope: registry.devices[instance.slot].key, machine: instance.machine,
                value: instance.value, terms: own.map(\.holds), headline: instance.headline)
        }
    }

    /// Puts a kept state back; false if its rule or device is no longer there.
    package mutating func restore(_ state: AlertInstanceState) -> Bool {
        guard let index = index(rule: state.rule, scope: state.scope) else { return false }
        instances[index].machine = state.machine
        if state.machine.shelf != nil { shelved.insert(index) }
        instances[index].value = state.value
        instances[index].headline = state.headline
        let first = instances[index].firstTerm
        let count = rules[instances[index].rule].thresholds.count
        if state.terms.count == count {
            for (term, holds) in state.terms.enumerated() { terms[first + term].holds = holds }
        }
        guard count == 1, !state.isAtRest else { return true }
        // Of one threshold alone it is known that this was its evidence.
        terms[first].holds = state.machine.holds
        terms[first].evidenceTime = max(terms[first].evidenceTime, state.machine.holdsSince)
        return true
    }

    /// The newest reading of a series, bad or before a restart: older ones are no evidence any more.
    package mutating func noteNewest(_ time: Milliseconds, of series: SeriesID) {
        guard series.index < onReading.count else { return }
        for term in onReading[series.index] {
            terms[Int(term)].evidenceTime = max(terms[Int(term)].evidenceTime, time)
        }
    }

    package mutating func restore(lastSeen time: Milliseconds, of device: DeviceID) {
        heard(device, at: time)
    }

    /// The state of a rule on a device, nil if there is no such instance.
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
}
