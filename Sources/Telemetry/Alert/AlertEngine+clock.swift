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
        let machine = instances[index].machine
        let rule = rule(of: index)
        var due = Milliseconds.max
        if case .shelf(let shelf) = machine.veil { due = shelf.due }
        if machine.veil == .suppression { due = min(due, clock + Self.gatewayPause) }
        if let attention = machine.attentionDue(rule.conduct) { due = min(due, attention) }
        if !rule.times.isEmpty { due = min(due, times.nextChange(of: rule.times, after: clock)) }
        switch instances[index].scope {
        case .group:
            return min(due, clock + (instances[index].isStale ? Self.groupPause : Self.groupRound))
        case .device(let slot):
            if machine.holds, !machine.stands, isClocked(rule) {
                due = min(due, machine.holdsSince + rule.conduct.onDelay)
            }
            if let cadences = rule.condition.cadences {
                return machine.holds ? due : min(due, silenceDue(slot, cadences, rule.condition))
            }
            if machine.stands, machine.unverifiedSince == nil { due = min(due, silentFrom(slot)) }
            if !isInForce(rule, at: clock), machine.stands {
                due = min(due, machine.holdsSince + rule.conduct.offDelay)
            }
            return due
        }
    }

    /// A window that would say otherwise closes a moment later: only readings stand until the next, and so does silence.
    private func isClocked(_ rule: AlertRule) -> Bool {
        rule.conduct.onDelay > 0 && rule.thresholds.allSatisfy { $0.signal.window == nil }
    }

    func isInForce(_ rule: AlertRule, at time: Milliseconds) -> Bool {
        rule.isInForce { isOn($0, at: time) }
    }

    private mutating func tick(_ index: Int, _ now: Milliseconds) {
        let rule = rule(of: index)
        let before = instances[index].machine
        noteStanding(index, instances[index].machine.elapseShelf(to: now), before)
        switch instances[index].scope {
        case .group: judgeGroup(index, now)
        case .device(let slot):
            if rule.condition.cadences != nil {
                judgeSilence(index, slot, now)
            } else {
                judgeTimes(index, rule, now)
                elapse(index, rule, now)
                verify(index, slot, now)
            }
            release(index, slot, now)
        }
        let standing = instances[index].machine
        noteStanding(index, instances[index].machine.elapseAttention(to: now, rule.conduct), standing)
    }

    private mutating func elapse(_ index: Int, _ rule: AlertRule, _ now: Milliseconds) {
        guard isClocked(rule), instances[index].machine.holds else { return }
        let before = instances[index].machine
        let transition = instances[index].machine.elapse(
            to: now, rule.conduct, isSuppressed: isSuppressed(index))
        noteStanding(index, transition, before)
    }

    /// A calendar or a regime has changed: what was measured last is judged by the limits of now.
    private mutating func judgeTimes(_ index: Int, _ rule: AlertRule, _ now: Milliseconds) {
        guard !rule.times.isEmpty else { return }
        let probe = instances[index].probes.lowerBound
        let first = probes[probe].firstTerm
        guard isInForce(rule, at: now) else {
            return observe(index, false, at: now, value: instances[index].value, limit: nil)
        }
        guard case .device(let slot) = instances[index].scope, now < silentFrom(slot) else { return }
        for term in first..<first + rule.thresholds.count {
            guard let value = watches[term].value else { continue }
            let limit = terms[term].threshold.limit { isOn($0, at: now) }
            let holds = limit.holds(at: value, before: terms[term].holds ?? false)
            guard
                holds != terms[term].holds
                    || rule.condition.holds({ terms[first + $0].holds }) != instances[index].machine.holds
            else { continue }
            terms[term].holds = holds
            changed.insert(index)
            guard let all = rule.condition.holds({ terms[first + $0].holds }) else { continue }
            instances[index].value = value
            instances[index].headline = term - first
            observe(index, all, at: now, value: value, limit: limit.limit(at: value))
        }
    }

    // MARK: Silence

    /// From when on the device counts as silent.
    private func silentFrom(_ slot: Int) -> Milliseconds {
        if let departed = departed[slot] { return departed }
        return allowed(slot, Freshness.silentAfterCadences) + quietSince(slot) + 1
    }

    private func allowed(_ slot: Int, _ cadences: Double) -> Milliseconds {
        Milliseconds(cadences * Double(registry.devices[slot].cadence))
    }

    /// Since when nothing was heard that could have been: the way to it was open.
    private func quietSince(_ slot: Int) -> Milliseconds {
        var since = max(lastSeen[slot] ?? .min, listeningSince)
        if let gateway = gateways[slot] { since = max(since, backSince[gateway]) }
        return since
    }

    func isDown(_ slot: Int, at now: Milliseconds) -> Bool {
        departed[slot] != nil || now >= silentFrom(slot)
    }

    private func silenceDue(_ slot: Int, _ cadences: Double, _ condition: AlertCondition) -> Milliseconds {
        // Who was never heard is not quiet, and who was heard once is never unheard again.
        let isAboutHeard = if case .quiet = condition { true } else { false }
        guard isAboutHeard == (lastSeen[slot] != nil) else { return .max }
        if let departed = departed[slot] { return departed }
        let due = quietSince(slot) + allowed(slot, cadences) + 1
        // Overdue and not yet judged so: it waits for its gateway.
        return due > clock || gateways[slot] == nil ? due : clock + Self.gatewayPause
    }

    private mutating func judgeSilence(_ index: Int, _ slot: Int, _ now: Milliseconds) {
        let rule = rule(of: index)
        guard let cadences = rule.condition.cadences else { return }
        let before = instances[index].machine
        let seen = lastSeen[slot]
        let since = quietSince(slot)
        let allowed = allowed(slot, cadences)
        var (isOverdue, isBack) = (seen == nil && now > since + allowed, seen != nil)
        if case .quiet = rule.condition {
            isOverdue = seen != nil && (now > since + allowed || departed[slot] != nil)
            // Only a message ends it: after a restart nobody knows yet, and not knowing is no reason to clear.
            isBack = seen.map { $0 > before.holdsSince } ?? false
        }
        if !before.holds, isOverdue, isGatewayInDoubt(slot, now) { isOverdue = false }
        let holds = before.holds ? !isBack : isOverdue
        if holds || before.stands || seen == nil { isAwaited[slot] = true }
        let end = departed[slot].map { min($0, since + allowed) } ?? since + allowed
        let time = holds ? (before.holds ? now : end) : seen ?? now
        let quietMinutes = Double(now - max(seen ?? .min, listeningSince)) / Double(Span.minute)
        if holds { instances[index].value = quietMinutes }
        observe(
            index, isInForce(rule, at: now) && holds, at: time, value: quietMinutes,
            limit: Double(allowed) / Double(Span.minute))
    }

    /// Whether the gateway has not spoken since its device did: which of them is gone is not known yet.
    private func isGatewayInDoubt(_ slot: Int, _ now: Milliseconds) -> Bool {
        guard let gateway = gateways[slot], !isDown(gateway, at: now) else { return false }
        return lastSeen[gateway] ?? .min <= lastSeen[slot] ?? .min
    }

    /// Whether a new alert of the instance says what the silence of a gateway says already.
    func isSuppressed(_ index: Int) -> Bool {
        guard case .device(let slot) = instances[index].scope, let gateway = gateways[slot] else {
            return false
        }
        return isDown(gateway, at: clock)
    }

    /// The gateway is back: what still holds is told. A device is given its time to be heard over it first.
    private mutating func release(_ index: Int, _ slot: Int, _ now: Milliseconds) {
        let before = instances[index].machine
        guard before.veil == .suppression, let gateway = gateways[slot] else { return }
        guard !isDown(gateway, at: now) else { return }
        let cadences = rule(of: index).condition.cadences ?? 0
        guard now > backSince[gateway] + allowed(slot, cadences) else { return }
        noteStanding(index, instances[index].machine.endSuppression(at: now), before)
    }

    /// An alert stands, and its device has fallen silent, or speaks again.
    private mutating func verify(_ index: Int, _ slot: Int, _ now: Milliseconds) {
        let before = instances[index].machine
        // Only a message tells that it is there again, not a new start.
        let isSilent =
            before.unverifiedSince.map { lastSeen[slot] ?? .min <= $0 } ?? (now >= silentFrom(slot))
        let since = lastSeen[slot] ?? listeningSince
        let transition = instances[index].machine.verify(
            unverifiedSince: isSilent ? since : nil, at: now)
        if instances[index].machine.unverifiedSince != nil { isAwaited[slot] = true }
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
        if !rule.times.isEmpty { judgeMembers(index, condition, now) }
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
            let first = probes[probe].firstTerm
            for term in first..<first + condition.thresholds.count {
                guard let value = watches[term].value else { continue }
                let limit = terms[term].threshold.limit { isOn($0, at: now) }
                terms[term].holds = limit.holds(at: value, before: terms[term].holds ?? false)
            }
            probes[probe].holds = condition.holds { terms[first + $0].holds }
        }
    }

    /// What a member says now: one that is silent says nothing, unless silence is what is asked for.
    func member(_ probe: Probe, _ condition: AlertCondition, _ now: Milliseconds) -> AlertGroup.Member {
        let seen = lastSeen[probe.slot]
        switch condition {
        case .quiet(let cadences):
            let isQuiet = now > quietSince(probe.slot) + allowed(probe.slot, cadences)
            return .init(holds: seen == nil ? nil : isQuiet || departed[probe.slot] != nil)
        case .neverReported(let cadences):
            let isOverdue = now > quietSince(probe.slot) + allowed(probe.slot, cadences)
            return .init(holds: seen == nil && isOverdue)
        default:
            guard now < silentFrom(probe.slot) else { return .init() }
            return .init(holds: probe.holds, value: watches[probe.firstTerm].value)
        }
    }
}
