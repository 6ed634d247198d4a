/// Evaluates every rule on every device it fits: readings, rollups, silence and operators in, transitions out.
package struct AlertEngine: Sendable {
    /// One rule on one device.
    private struct Instance: Sendable {
        let rule: Int
        let slot: Int
        var machine = AlertStateMachine()
        var value: Double?
        /// Time of the newest evidence: older evidence does not turn a decision back.
        var evidenceTime = Milliseconds.min
        /// Closed windows inside the rule's sliding window, ascending by start.
        var parts: [(start: Milliseconds, accumulator: Accumulator)] = []
    }

    package let rules: [AlertRule]
    package let registry: Registry
    private var instances: [Instance] = []
    private var instanceOf: [String: [Int]] = [:]
    /// Instances that look at readings, by `SeriesID`.
    private var onReading: [[Int32]]
    /// Instances that look at closed windows, by tier, then `SeriesID`.
    private var onRollup: [[[Int32]]]
    private var onSilence: [Int] = []
    private var onClock: [Int] = []
    /// Arrival of the last message, by slot.
    private var lastSeen: [Milliseconds?]
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
        onRollup = Array(repeating: onReading, count: Tier.allCases.count)
        for rule in rules.indices {
            for slot in registry.devices.indices where rules[rule].fits(slot: slot, of: registry) {
                addInstance(rule, slot)
            }
        }
    }

    private mutating func addInstance(_ rule: Int, _ slot: Int) {
        let index = instances.count
        instances.append(Instance(rule: rule, slot: slot))
        instanceOf[registry.devices[slot].key, default: []].append(index)
        switch rules[rule].condition {
        case .quiet, .neverReported: onSilence.append(index)
        case .threshold(let name, let window, _):
            let measurements = registry.profile(ofSlot: slot).measurements
            guard let position = measurements.firstIndex(where: { $0.name == name }) else { return }
            let series = registry.seriesIDs[slot][position].index
            if let window {
                onRollup[window.tier.rawValue][series].append(Int32(index))
            } else {
                onReading[series].append(Int32(index))
                if rules[rule].onDelay > 0 { onClock.append(index) }
            }
        }
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
        for index in onReading[reading.series.index] {
            guard case .threshold(_, _, let limit) = rules[instances[Int(index)].rule].condition else {
                continue
            }
            let isRatio =
                registry.series[reading.series.index].map { registry.measurement($0).kind == .ratio } ?? false
            decide(
                Int(index), isRatio ? reading.value / reading.weight : reading.value, limit, at: reading.time)
        }
    }

    /// A window that closed, or a late part of one.
    package mutating func closed(_ rollup: Rollup) {
        guard rollup.series.index < onReading.count else { return }
        for index in onRollup[rollup.tier.rawValue][rollup.series.index] {
            let instance = Int(index)
            guard case .threshold(_, .some(let window), let limit) = rules[instances[instance].rule].condition
            else {
                continue
            }
            add(rollup, to: instance, window)
            guard let newest = instances[instance].parts.last, newest.start == rollup.start else { continue }
            var sum = Accumulator()
            for part in instances[instance].parts { sum.merge(part.accumulator) }
            guard let value = window.statistic.value(of: sum) else { continue }
            decide(instance, value, limit, at: rollup.start + window.tier.length)
        }
    }

    /// A stored window, put back after a restart: remembered, not judged again.
    package mutating func restore(_ rollup: Rollup) {
        guard rollup.series.index < onReading.count else { return }
        for index in onRollup[rollup.tier.rawValue][rollup.series.index] {
            guard case .threshold(_, .some(let window), _) = rules[instances[Int(index)].rule].condition
            else { continue }
            add(rollup, to: Int(index), window)
            instances[Int(index)].evidenceTime = max(
                instances[Int(index)].evidenceTime, rollup.start + window.tier.length)
        }
    }

    /// Which stored windows of `tier` are wanted after a restart: of each series those that begin less than `length` before
    /// its newest, however long ago that was.
    package func history(_ tier: Tier) -> [(series: SeriesID, length: Milliseconds)] {
        onRollup[tier.rawValue].enumerated().compactMap { series, indices in
            let lengths = indices.map { index -> Milliseconds in
                guard case .threshold(_, .some(let window), _) = rules[instances[Int(index)].rule].condition
                else { return 0 }
                return window.length
            }
            return lengths.max().map { (SeriesID(UInt32(series)), $0) }
        }
    }

    private mutating func add(_ rollup: Rollup, to index: Int, _ window: AlertWindow) {
        let position =
            instances[index].parts.firstIndex { $0.start >= rollup.start } ?? instances[index].parts.endIndex
        if position < instances[index].parts.endIndex, instances[index].parts[position].start == rollup.start
        {
            instances[index].parts[position].accumulator.merge(rollup.accumulator)
        } else {
            instances[index].parts.insert((rollup.start, rollup.accumulator), at: position)
        }
        let newest = instances[index].parts.last!.start
        instances[index].parts.removeAll { $0.start <= newest - window.length }
    }

    private mutating func decide(_ index: Int, _ value: Double, _ limit: AlertLimit, at time: Milliseconds) {
        guard time >= instances[index].evidenceTime else { return }
        instances[index].evidenceTime = time
        let rule = rules[instances[index].rule]
        let before = instances[index].machine
        let holds = limit.holds(at: value, before: before.holds)
        // Kept, too: after a restart the next transition tells of the newest value, not of the first.
        if holds, instances[index].value != value {
            instances[index].value = value
            changed.insert(index)
        }
        let transition = instances[index].machine.observe(
            holds, at: time, onDelay: rule.onDelay, offDelay: rule.offDelay)
        note(index, transition, before, value: value, limit: limit.limit(at: value))
    }

    // MARK: Clock

    /// The clock reached `now`: on-delays end, and silence is seen.
    package mutating func advance(to now: Milliseconds) {
        for index in onClock where instances[index].machine.holds {
            let before = instances[index].machine
            let rule = rules[instances[index].rule]
            let transition = instances[index].machine.elapse(to: now, onDelay: rule.onDelay)
            guard case .threshold(_, _, let limit) = rule.condition else { continue }
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
        case .threshold: return
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
            }
        guard let transition else { return nil }
        note(index, transition, before, value: nil, limit: nil, command)
        return events.last
    }

    // MARK: Results

    private mutating func note(
        _ index: Int, _ transition: AlertStateMachine.Transition?, _ before: AlertStateMachine,
        value: Double?,
        limit: Double?, _ command: AlertCommand? = nil
    ) {
        if instances[index].machine != before { changed.insert(index) }
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
                comment: command?.comment))
    }

    private func summary(_ rule: AlertRule, _ instance: Instance, _ limit: Double?) -> Title {
        let device = registry.devices[instance.slot]
        var unit = "min"
        if case .threshold(let name, _, _) = rule.condition {
            unit = registry.profile(ofSlot: instance.slot).measurements.first { $0.name == name }?.unit ?? ""
        }
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
            AlertInstanceState(
                rule: rules[instances[index].rule].name, scope: registry.devices[instances[index].slot].key,
                machine: instances[index].machine, value: instances[index].value)
        }
    }

    /// Puts a kept state back; false if its rule or device is no longer there.
    package mutating func restore(_ state: AlertInstanceState) -> Bool {
        guard let index = index(rule: state.rule, scope: state.scope) else { return false }
        instances[index].machine = state.machine
        instances[index].value = state.value
        instances[index].evidenceTime = max(instances[index].evidenceTime, state.machine.holdsSince)
        return true
    }

    /// The newest reading of a series, bad or before a restart: older ones are no evidence any more.
    package mutating func noteNewest(_ time: Milliseconds, of series: SeriesID) {
        guard series.index < onReading.count else { return }
        for index in onReading[series.index] {
            instances[Int(index)].evidenceTime = max(instances[Int(index)].evidenceTime, time)
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

    private func index(rule: String, scope: String) -> Int? {
        instanceOf[scope]?.first { rules[instances[$0].rule].name == rule }
    }
}
