extension AlertEngine {
    /// Why the rule says what it says of the device at `now`; nil if there is no such instance.
    package func explanation(rule: String, scope: String, at now: Milliseconds) -> AlertExplanation? {
        guard let index = index(rule: rule, scope: scope) else { return nil }
        let instance = instances[index]
        let rule = rules[instance.rule]
        let machine = instance.machine
        let first = probes[instance.probes.lowerBound]
        let range = first.firstTerm..<first.firstTerm + rule.thresholds.count
        let own = Array(terms[range])
        let known = own.map(\.holds)
        let isKnown = own.isEmpty || rule.condition.holds { known[$0] } != nil
        let gate = AlertExplanation.gate(machine, terms: known, isKnown: isKnown)
        let device = registry.devices[first.slot]
        var remaining: Milliseconds?
        if gate == .onDelay { remaining = max(machine.holdsSince + rule.conduct.onDelay - now, 0) }
        if gate == .offDelay { remaining = max(machine.holdsSince + rule.conduct.offDelay - now, 0) }
        var allowed: Milliseconds?
        var shelvedUntil: Milliseconds?
        if case .shelf(let shelf) = machine.veil { shelvedUntil = shelf.until }
        if let cadences = rule.condition.cadences {
            allowed = Milliseconds(cadences * Double(device.cadence))
        }
        return AlertExplanation(
            rule: rule.name, device: device.key, state: machine.state, gate: gate, holds: machine.holds,
            sinceMs: machine.holdsSince == .min ? nil : machine.holdsSince, onDelayMs: rule.conduct.onDelay,
            offDelayMs: rule.conduct.offDelay, remainingMs: remaining,
            shelvedUntilMs: shelvedUntil, lastSeenMs: lastSeen[first.slot],
            allowedMs: allowed,
            terms: zip(own, watches[range]).map {
                explain($0, $1, registry.profile(ofSlot: first.slot))
            })
    }

    private func explain(_ term: Term, _ watch: Watch, _ profile: DeviceProfile) -> AlertExplanation.Term {
        let signal = term.threshold.signal
        let hasEvidence = watch.evidenceTime != .min
        return AlertExplanation.Term(
            measurement: signal.measurement, divisor: signal.divisor, figure: signal.window?.figure.text,
            windowMs: signal.window?.length, limit: term.threshold.limit.comparison,
            unit: signal.unit(in: profile) ?? "", value: watch.value,
            evidenceMs: hasEvidence ? watch.evidenceTime : nil,
            readings: signal.window == nil ? (hasEvidence ? 1 : 0) : term.windows.count, holds: term.holds)
    }
}
