extension AlertEngine {
    /// Why the rule says what it says of the device or group at `now`; nil if there is no such instance.
    package func explanation(rule: String, scope: String, at now: Milliseconds) -> AlertExplanation? {
        guard let index = index(rule: rule, scope: scope) else { return nil }
        let instance = instances[index]
        let rule = rules[instance.rule]
        let machine = instance.machine
        var explanation = AlertExplanation(
            rule: rule.name, device: scope, state: machine.state, gate: .notCrossed, holds: machine.holds,
            sinceMs: machine.holdsSince == .min ? nil : machine.holdsSince, onDelayMs: rule.conduct.onDelay,
            offDelayMs: rule.conduct.offDelay, terms: [])
        if case .shelf(let shelf) = machine.veil { explanation.shelvedUntilMs = shelf.until }
        if let group = rule.condition.group {
            explain(group, instance, rule, now, &explanation)
        } else {
            explain(probes[instance.probes.lowerBound], machine, rule, now, &explanation)
        }
        let gate = explanation.gate
        if gate == .onDelay {
            explanation.remainingMs = max(machine.holdsSince + rule.conduct.onDelay - now, 0)
        }
        if gate == .offDelay {
            explanation.remainingMs = max(machine.holdsSince + rule.conduct.offDelay - now, 0)
        }
        return explanation
    }

    private func explain(
        _ probe: Probe, _ machine: AlertStateMachine, _ rule: AlertRule, _ now: Milliseconds,
        _ explanation: inout AlertExplanation
    ) {
        let own = terms[probe.terms]
        let known = own.map(\.holds)
        let isKnown = own.isEmpty || rule.condition.holds { known[$0] } != nil
        explanation.gate = AlertExplanation.gate(machine, terms: known, isKnown: isKnown)
        explanation.lastSeenMs = presences[probe.slot].lastSeen
        if let cadences = rule.condition.cadences {
            explanation.allowedMs = presences[probe.slot].allowed(cadences)
        }
        explanation.terms = probe.terms.map { explain($0, registry.profile(ofSlot: probe.slot), now) }
    }

    private func explain(_ index: Int, _ profile: DeviceProfile, _ now: Milliseconds)
        -> AlertExplanation.Term
    {
        let term = terms[index]
        let signal = threshold(of: index).signal
        let watch = watches[term.watch]
        let hasEvidence = watch.time != .min
        var found = AlertExplanation.Term(
            measurement: signal.measurement, divisor: signal.divisor, figure: signal.window?.figure.text,
            windowMs: signal.window?.length, limit: limit(of: index, at: now),
            unit: signal.unit(in: profile) ?? "", value: watch.value,
            evidenceMs: hasEvidence ? watch.time : nil,
            readings: signal.window == nil ? (hasEvidence ? 1 : 0) : pasts[term.past].windows.count,
            holds: term.holds)
        if case .pace(let pace) = signal.window?.figure {
            found.windowMs = nil
            found.period = pace.period.rawValue
        }
        return found
    }

    /// What each member says, and what the group makes of it.
    private func explain(
        _ group: AlertGroup, _ instance: Instance, _ rule: AlertRule, _ now: Milliseconds,
        _ explanation: inout AlertExplanation
    ) {
        let condition = rule.condition.ofEach
        let own = Array(probes[instance.probes])
        let members = own.map { member($0, condition, now) }
        let value = group.value(of: members)
        let isKnown = members.map { $0.holds != nil || $0.value != nil }
        explanation.gate = AlertExplanation.gate(
            instance.machine, terms: isKnown.map { $0 ? false : nil }, isKnown: true)
        if explanation.gate == .notCrossed, value == nil { explanation.gate = .tooFewMembers }
        explanation.lastSeenMs = own.compactMap { presences[$0.slot].lastSeen }.max()
        explanation.members = zip(own, members).map {
            .init(
                device: registry.devices[$0.slot].key, holds: $1.holds, value: $1.value,
                lastSeenMs: presences[$0.slot].lastSeen)
        }
        let asked = group.thresholds.map(\.signal.measurement)
        explanation.terms = [
            .init(
                measurement: asked.isEmpty ? "freshness" : asked.joined(separator: " "),
                figure: group.figure.text,
                limit: group.limit, unit: unit(of: group, own[0].slot), value: value,
                readings: Int64(isKnown.count(where: \.self)),
                holds: value.map { group.limit.holds(at: $0, before: instance.groupHolds) })
        ]
    }
}
