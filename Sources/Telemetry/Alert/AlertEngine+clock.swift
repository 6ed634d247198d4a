extension AlertEngine {
    /// A group is judged at most this often: how many are in a condition is a question about now.
    static let groupPause = Span.second
    /// A group is judged this often though none of its members has spoken: some may have fallen silent.
    static let groupRound = 10 * Span.second
    /// What waits for a gateway is looked at this often.
    private static let gatewayPause = Span.second

    /// The clock reached `now`: delays and shelves end, silence is seen, operators are reminded.
    package mutating func advance(to now: Milliseconds) {
        // What was put off by a clock that ran ahead is looked at again.
        if now < clock { for index in instances.indices { push(index, due: .min) } }
        clock = now
        while let entry = timers.pop(dueAt: now) {
            let index = Int(entry.index)
            guard instances[index].nextDue == entry.due else { continue }
            instances[index].nextDue = .max
            tick(index, now)
            let next = due(index)
            if next < .max { push(index, due: max(next, now + 1)) }
        }
    }

    mutating func schedule(_ index: Int) {
        let next = due(index)
        if next < .max { push(index, due: next) }
    }

    mutating func push(_ index: Int, due: Milliseconds) {
        guard due < instances[index].nextDue else { return }
        instances[index].nextDue = due
        timers.push(Timers.Entry(due: due, index: Int32(index)))
    }

    /// When the clock has something to say of an instance.
    private func due(_ index: Int) -> Milliseconds {
        let row = instances[index].rule
        let machine = instances[index].machine
        let isTimed = rules[row].isTimed
        var due = Milliseconds.max
        if case .shelf(let shelf) = machine.veil { due = shelf.due }
        if machine.veil == .suppression { due = min(due, clock + Self.gatewayPause) }
        if let attention = machine.attentionDue(rules[row].conduct) { due = min(due, attention) }
        if isTimed { due = min(due, times.nextChange(of: rules[row].times, after: clock)) }
        switch instances[index].scope {
        case .group:
            return min(due, clock + (instances[index].isStale ? Self.groupPause : Self.groupRound))
        case .device(let slot):
            if machine.holds, !machine.stands, rules[row].isClocked {
                due = min(due, machine.holdsSince + rules[row].conduct.onDelay)
            }
            if let cadences = rules[row].condition.cadences {
                return machine.holds ? due : min(due, silenceDue(slot, cadences, rules[row].condition))
            }
            if machine.stands, machine.unverifiedSince == nil { due = min(due, silentFrom(slot)) }
            if machine.stands, isTimed, !isInForce(rules[row], at: clock) {
                due = min(due, machine.holdsSince + rules[row].conduct.offDelay)
            }
            return due
        }
    }

    func isInForce(_ rule: AlertRule, at time: Milliseconds) -> Bool {
        rule.isInForce { isOn($0, at: time) }
    }

    private mutating func tick(_ index: Int, _ now: Milliseconds) {
        let row = instances[index].rule
        let before = instances[index].machine
        noteStanding(index, instances[index].machine.elapseShelf(to: now), before)
        switch instances[index].scope {
        case .group: judgeGroup(index, now)
        case .device(let slot):
            if rules[row].condition.cadences != nil {
                judgeSilence(index, slot, now)
            } else {
                if rules[row].isTimed { judgeTimes(index, rules[row], now) }
                if rules[row].isClocked, instances[index].machine.holds { elapse(index, now) }
                verify(index, slot, now)
            }
            release(index, slot, now)
        }
        let standing = instances[index].machine
        noteStanding(
            index, instances[index].machine.elapseAttention(to: now, rules[row].conduct), standing)
    }

    private mutating func elapse(_ index: Int, _ now: Milliseconds) {
        let before = instances[index].machine
        let transition = instances[index].machine.elapse(
            to: now, rules[instances[index].rule].conduct, isSuppressed: isSuppressed(index))
        noteStanding(index, transition, before)
    }

    /// A calendar or a regime has changed: what was measured last is judged by the limits of now.
    private mutating func judgeTimes(_ index: Int, _ rule: AlertRule, _ now: Milliseconds) {
        let own = probes[instances[index].probes.lowerBound].terms
        guard isInForce(rule, at: now) else {
            return observe(index, false, at: now, value: instances[index].value, limit: nil)
        }
        guard case .device(let slot) = instances[index].scope, now < silentFrom(slot) else { return }
        for term in own {
            guard let value = watches[terms[term].watch].value else { continue }
            let limit = threshold(of: term).limit { isOn($0, at: now) }
            let holds = limit.holds(at: value, before: terms[term].holds ?? false)
            guard
                holds != terms[term].holds
                    || rule.condition.holds({ terms[own.lowerBound + $0].holds })
                        != instances[index].machine.holds
            else { continue }
            terms[term].holds = holds
            changed.insert(index)
            guard let all = rule.condition.holds({ terms[own.lowerBound + $0].holds }) else { continue }
            instances[index].value = value
            instances[index].headline = term - own.lowerBound
            observe(index, all, at: now, value: value, limit: limit.limit(at: value))
        }
    }

    // MARK: Silence

    /// From when on the device counts as silent.
    private func silentFrom(_ slot: Int) -> Milliseconds {
        if let departed = presences[slot].departed { return departed }
        return presences[slot].allowed(Freshness.silentAfterCadences) + quietSince(slot) + 1
    }

    /// Since when nothing was heard that could have been: the way to it was open.
    private func quietSince(_ slot: Int) -> Milliseconds {
        var since = max(presences[slot].lastSeen ?? .min, listeningSince)
        if let gateway = presences[slot].gateway { since = max(since, presences[gateway].backSince) }
        return since
    }

    func isDown(_ slot: Int, at now: Milliseconds) -> Bool {
        presences[slot].departed != nil || now >= silentFrom(slot)
    }

    private func silenceDue(_ slot: Int, _ cadences: Double, _ condition: AlertCondition) -> Milliseconds {
        // Who was never heard is not quiet, and who was heard once is never unheard again.
        let isAboutHeard = if case .quiet = condition { true } else { false }
        guard isAboutHeard == (presences[slot].lastSeen != nil) else { return .max }
        if let departed = presences[slot].departed { return departed }
        let due = quietSince(slot) + presences[slot].allowed(cadences) + 1
        // Overdue and not yet judged so: it waits for its gateway.
        return due > clock || presences[slot].gateway == nil ? due : clock + Self.gatewayPause
    }

    private mutating func judgeSilence(_ index: Int, _ slot: Int, _ now: Milliseconds) {
        let row = instances[index].rule
        guard let cadences = rules[row].condition.cadences else { return }
        let before = instances[index].machine
        let seen = presences[slot].lastSeen
        let since = quietSince(slot)
        let allowed = presences[slot].allowed(cadences)
        var (isOverdue, isBack) = (seen == nil && now > since + allowed, seen != nil)
        if case .quiet = rules[row].condition {
            isOverdue = seen != nil && (now > since + allowed || presences[slot].departed != nil)
            // Only a message ends it: after a restart nobody knows yet, and not knowing is no reason to clear.
            isBack = seen.map { $0 > before.holdsSince } ?? false
        }
        if !before.holds, isOverdue, isGatewayInDoubt(slot, now) { isOverdue = false }
        let holds = before.holds ? !isBack : isOverdue
        if holds || before.stands || seen == nil { presences[slot].isAwaited = true }
        let end = presences[slot].departed.map { min($0, since + allowed) } ?? since + allowed
        // By a calendar it may be only now that silence counts, or that it counts no more.
        let isSinceNow = before.holds || before.holdsSince > end || !isInForce(rules[row], at: end)
        let time = holds ? (isSinceNow ? now : end) : seen ?? now
        let quietMinutes = Double(now - max(seen ?? .min, listeningSince)) / Double(Span.minute)
        if holds { instances[index].value = quietMinutes }
        observe(
            index, holds && isInForce(rules[row], at: now), at: time, value: quietMinutes,
            limit: Double(allowed) / Double(Span.minute))
    }

    /// Whether the gateway has not spoken since its device did: which of them is gone is not known yet.
    private func isGatewayInDoubt(_ slot: Int, _ now: Milliseconds) -> Bool {
        guard let gateway = presences[slot].gateway, !isDown(gateway, at: now) else { return false }
        return presences[gateway].lastSeen ?? .min <= presences[slot].lastSeen ?? .min
    }

    /// Whether a new alert of the instance says what the silence of a gateway says already.
    func isSuppressed(_ index: Int) -> Bool {
        guard case .device(let slot) = instances[index].scope, let gateway = presences[slot].gateway else {
            return false
        }
        return isDown(gateway, at: clock)
    }

    /// The gateway is back: what still holds is told. A device is given its time to be heard over it first.
    private mutating func release(_ index: Int, _ slot: Int, _ now: Milliseconds) {
        let before = instances[index].machine
        guard before.veil == .suppression, let gateway = presences[slot].gateway else { return }
        // After a restart it may still be down: only a message tells.
        guard !isDown(gateway, at: now), presences[gateway].lastSeen ?? .min >= listeningSince else { return }
        let cadences = rule(of: index).condition.cadences ?? 0
        guard now > presences[gateway].backSince + presences[slot].allowed(cadences) else { return }
        noteStanding(index, instances[index].machine.endSuppression(at: now), before)
    }

    /// An alert stands, and its device has fallen silent, or speaks again.
    private mutating func verify(_ index: Int, _ slot: Int, _ now: Milliseconds) {
        let before = instances[index].machine
        // Only a message tells that it is there again, not a new start.
        let isSilent =
            before.unverifiedSince.map { presences[slot].lastSeen ?? .min <= $0 } ?? (now >= silentFrom(slot))
        let since = presences[slot].lastSeen ?? listeningSince
        let transition = instances[index].machine.verify(
            unverifiedSince: isSilent ? since : nil, at: now)
        if instances[index].machine.unverifiedSince != nil { presences[slot].isAwaited = true }
        noteStanding(index, transition, before)
    }

    // MARK: Groups

    private mutating func judgeGroup(_ index: Int, _ now: Milliseconds) {
        instances[index].isStale = false
        let rule = rule(of: index)
        guard let group = rule.condition.group else { return }
        guard isInForce(rule, at: now) else {
            instances[index].groupHolds = false
            return observe(index, false, at: now, value: instances[index].value, limit: nil)
        }
        let condition = rule.condition.ofEach
        if rule.isTimed { judgeMembers(index, condition, now) }
        let members = instances[index].probes.map { member(probes[$0], condition, now) }
        guard let value = group.value(of: members) else { return }
        let holds = group.limit.holds(at: value, before: instances[index].groupHolds)
        instances[index].groupHolds = holds
        if holds { instances[index].value = value }
        observe(index, holds, at: now, value: value, limit: group.limit.limit(at: value))
    }

    /// A calendar or a regime may have changed: what members said last is judged by the limits of now.
    private mutating func judgeMembers(_ index: Int, _ condition: AlertCondition, _ now: Milliseconds) {
        for probe in instances[index].probes {
            let own = probes[probe].terms
            for term in own {
                guard let value = watches[terms[term].watch].value else { continue }
                let limit = threshold(of: term).limit { isOn($0, at: now) }
                terms[term].holds = limit.holds(at: value, before: terms[term].holds ?? false)
            }
            probes[probe].holds = condition.holds { terms[own.lowerBound + $0].holds }
        }
    }

    /// What a member says now: one that is silent says nothing, unless silence is what is asked for.
    func member(_ probe: Probe, _ condition: AlertCondition, _ now: Milliseconds) -> AlertGroup.Member {
        let seen = presences[probe.slot].lastSeen
        switch condition {
        case .quiet(let cadences):
            let isQuiet = now > quietSince(probe.slot) + presences[probe.slot].allowed(cadences)
            return .init(holds: seen == nil ? nil : isQuiet || presences[probe.slot].departed != nil)
        case .neverReported(let cadences):
            let isOverdue = now > quietSince(probe.slot) + presences[probe.slot].allowed(cadences)
            return .init(holds: seen == nil && isOverdue)
        default:
            guard now < silentFrom(probe.slot) else { return .init() }
            return .init(holds: probe.holds, value: watches[terms[probe.terms.lowerBound].watch].value)
        }
    }
}
