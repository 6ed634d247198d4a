extension AlertEngine {
    /// With the value of now: it has changed since the alert was last told of.
    mutating func noteStanding(
        _ index: Int, _ transition: AlertStateMachine.Transition?, _ before: AlertStateMachine,
        _ command: AlertCommand? = nil
    ) {
        guard transition != nil || instances[index].machine != before else { return }
        let rule = rule(of: index)
        var limit: Double?
        // What silence has to say is said by the clock.
        let value = rule.condition.cadences == nil ? instances[index].value : nil
        if let value, let group = rule.condition.group {
            limit = group.limit.limit(at: value)
        } else if let value {
            let term = probes[instances[index].probes.lowerBound].terms.lowerBound + instances[index].headline
            limit = self.limit(of: term, at: clock).limit(at: value)
        }
        note(index, transition, before, value: value, limit: limit, command)
    }

    mutating func note(
        _ index: Int, _ transition: AlertStateMachine.Transition?, _ before: AlertStateMachine,
        value: Double?, limit: Double?, _ command: AlertCommand? = nil
    ) {
        if instances[index].machine != before {
            changed.insert(index)
            schedule(index)
        }
        guard let transition else { return }
        let rule = rule(of: index)
        let scope = scope(of: index)
        let machine = instances[index].machine
        var event = AlertEvent(
            identity: AlertIdentity(rule: rule.name, scope: scope.key, onset: machine.onset),
            domain: scope.domain, ward: scope.ward, priority: rule.priority, from: transition.from,
            to: transition.to, at: transition.at, cause: transition.cause, value: value, limit: limit,
            summary: summary(index, scope, limit), operatorName: command?.operatorName,
            comment: command?.comment)
        if case .shelf(let shelf) = machine.veil { event.hiddenUntil = shelf.until }
        if transition.from == .outOfService { event.raised = machine.onset + rule.conduct.onDelay }
        // Behind a veil nobody is told when its device speaks again: it says so when it is lifted.
        event.unverifiedSince = machine.veil == nil ? machine.unverifiedSince : nil
        event.lead = machine.escalated > 0 ? rule.conduct.escalations[machine.escalated - 1].unit : rule.lead
        event.ruleVersion = rule.version
        events.append(event)
    }

    private func summary(_ index: Int, _ scope: AlertScope, _ limit: Double?) -> Title {
        let rule = rule(of: index)
        let instance = instances[index]
        let values = [
            "device.id": scope.key, "device.name": scope.name.vi, "device.name_en": scope.name.en,
            "ward": scope.ward, "value": instance.value.map(AlertText.number) ?? "?",
            "limit": limit.map(AlertText.number) ?? "?", "unit": unit(of: index),
        ]
        return Title(vi: AlertText.fill(rule.summary.vi, values), en: AlertText.fill(rule.summary.en, values))
    }

    private func unit(of index: Int) -> String {
        let rule = rule(of: index)
        let probe = probes[instances[index].probes.lowerBound]
        if let group = rule.condition.group { return unit(of: group, probe.slot) }
        guard rule.condition.cadences == nil else { return "min" }
        let threshold = rule.thresholds[instances[index].headline]
        return threshold.signal.unit(in: registry.profile(ofSlot: probe.slot)) ?? ""
    }

    func unit(of group: AlertGroup, _ slot: Int) -> String {
        switch group.figure {
        case .share, .count: "1"
        case .mean(let signal): signal.unit(in: registry.profile(ofSlot: slot)) ?? ""
        }
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
            var own: [Bool?] = []
            if case .device = instance.scope {
                own = terms[probes[instance.probes.lowerBound].terms].map(\.holds)
            }
            return AlertInstanceState(
                rule: rule(of: index).name, scope: scope(of: index).key, machine: instance.machine,
                value: instance.value, terms: own, headline: instance.headline)
        }
    }
}
