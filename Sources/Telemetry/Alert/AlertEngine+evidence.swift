extension AlertEngine {
    /// A message of the device was accepted at `arrival`.
    package mutating func heard(_ device: DeviceID, at arrival: Milliseconds) {
        guard device.index < registry.slots.count, let slot = registry.slots[device.index] else { return }
        if arrival > lastSeen[slot] ?? .min {
            if isDown(slot, at: arrival) { backSince[slot] = arrival }
            lastSeen[slot] = arrival
        }
        departed[slot] = nil
        guard isAwaited[slot] else { return }
        isAwaited[slot] = false
        for index in listeners[slot] { push(Int(index), due: .min) }
    }

    /// Its gateway says that it is gone: it is quiet from now on, and nobody need wait.
    package mutating func departed(_ device: DeviceID, at time: Milliseconds) {
        guard device.index < registry.slots.count, let slot = registry.slots[device.index] else { return }
        departed[slot] = time
        for index in listeners[slot] { push(Int(index), due: .min) }
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
        isRatio[reading.series.index] ? reading.value / reading.weight : reading.value
    }

    /// The newest reading of a series, bad or before a restart: older ones are no evidence any more.
    package mutating func noteNewest(_ time: Milliseconds, of series: SeriesID) {
        guard series.index < onReading.count else { return }
        for term in onReading[series.index] {
            watches[Int(term)].evidenceTime = max(watches[Int(term)].evidenceTime, time)
        }
    }

    /// A window that closed, or a late part of one.
    package mutating func closed(_ rollup: Rollup) {
        guard rollup.series.index < onReading.count else { return }
        for feed in onRollup[rollup.tier.rawValue][rollup.series.index] {
            add(rollup, feed)
            guard feed.role != .baseline else { continue }
            let term = Int(feed.term)
            let end = rollup.start + rollup.tier.length
            if let value = value(of: term, at: rollup.start) {
                decide(term, value, at: end)
            } else if feed.role == .window {
                endPeriod(of: term, rollup.start, at: end)
                reconsider(term, from: end)
            }
        }
    }

    /// A period is over, and what was said was said of it: of the next nothing is known in its first days.
    private mutating func endPeriod(of term: Int, _ start: Milliseconds, at time: Milliseconds) {
        guard terms[term].holds == true, case .pace = terms[term].threshold.signal.window?.figure,
            terms[term].windows.newest == start
        else { return }
        watches[term].value = nil
        turn(term, to: false, at: time)
    }

    /// The newest window has got a late part.
    mutating func closedAgain(_ term: Int, _ newest: Milliseconds) {
        guard let window = terms[term].threshold.signal.window, let value = value(of: term, at: newest) else {
            return
        }
        decide(term, value, at: newest + window.tier.length)
    }

    mutating func add(_ rollup: Rollup, _ feed: Feed) {
        let term = Int(feed.term)
        if feed.role == .baseline {
            terms[term].baseline?.add(rollup)
            return
        }
        watches[term].evidenceTime = max(watches[term].evidenceTime, rollup.start + rollup.tier.length)
        guard let window = terms[term].threshold.signal.window else { return }
        var keepsDetail = false
        if case .statistic(let statistic) = window.figure { keepsDetail = statistic.quantile != nil }
        if feed.role == .divisor {
            terms[term].divisors.add(rollup, length: window.length, keepsDetail: keepsDetail)
        } else {
            terms[term].windows.add(rollup, length: window.length, keepsDetail: keepsDetail)
        }
    }

    /// The figure of the window that ends with the part from `start` on; nil if that is not the newest, or there is none.
    /// Of two measurements both must have it: a quotient of two times says nothing.
    private func value(of term: Int, at start: Milliseconds) -> Double? {
        guard let window = terms[term].threshold.signal.window, terms[term].windows.newest == start,
            let value = terms[term].windows.value(
                window, zone: times.zone, baseline: terms[term].baseline)
        else { return nil }
        guard terms[term].threshold.signal.divisor != nil else { return value }
        guard terms[term].divisors.newest == start,
            let divisor = terms[term].divisors.value(window, zone: times.zone), divisor != 0
        else { return nil }
        let quotient = value / divisor
        return quotient.isFinite ? quotient : nil
    }

    private mutating func decide(_ term: Int, _ value: Double, at time: Milliseconds) {
        let watch = watches[term]
        guard time >= watch.evidenceTime else { return consider(late: value, of: term, at: time) }
        watches[term].evidenceTime = time
        watches[term].value = value
        if let settled = watch.settled, watch.limit.holds(at: value, before: settled) == settled {
            if watch.isMember { noteNews(Int(watch.instance)) }
            return
        }
        turn(term, value, at: time)
    }

    private mutating func turn(_ term: Int, _ value: Double, at time: Milliseconds) {
        let held = terms[term].holds ?? false
        turn(term, to: limit(of: term, at: time).holds(at: value, before: held), at: time)
    }

    private mutating func turn(_ term: Int, to holds: Bool, at time: Milliseconds) {
        let probe = terms[term].probe
        let index = probes[probe].instance
        let held = terms[term].holds
        // Until it is judged again: it may not be known then whether the condition holds.
        watches[term].settled = nil
        if holds != held { terms[term].turnedAt = time }
        terms[term].holds = holds
        guard case .device = instances[index].scope else { return noteMember(probe, index, term) }
        if holds != held { changed.insert(index) }
        judge(index, probe, asked: term)
    }

    /// A window ends where the next begins: what is in force is what was in force in it.
    func limit(of term: Int, at time: Milliseconds) -> AlertLimit {
        // Nearly all have none, and to take the threshold out of its array costs more than the rest.
        guard !terms[term].threshold.variants.isEmpty else { return terms[term].threshold.limit }
        let threshold = terms[term].threshold
        let moment = threshold.signal.window == nil ? time : time - 1
        return threshold.limit { isOn($0, at: moment) }
    }

    /// A term of the device's condition has new evidence: whether the condition holds, and what follows.
    mutating func judge(_ index: Int, _ probe: Int, asked term: Int) {
        let rule = rule(of: index)
        let first = probes[probe].firstTerm
        let own = first..<first + rule.thresholds.count
        guard var holds = rule.condition.holds({ terms[first + $0].holds }) else {
            return settle(own, rule.times.isEmpty)
        }
        // Each term has a time of its own; the condition's is the newest.
        let moment = watches[own].reduce(Milliseconds.min) { max($0, $1.evidenceTime) }
        if !rule.times.isEmpty, !isInForce(rule, at: moment, terms[term].threshold) { holds = false }
        let value = watches[term].value
        // Kept, too: after a restart the next transition tells of the newest value, not of the first.
        if holds, instances[index].value != value {
            instances[index].value = value
            instances[index].headline = term - first
            changed.insert(index)
        }
        let limit = value.map { self.limit(of: term, at: moment).limit(at: $0) }
        observe(index, holds, at: moment, value: value, limit: limit)
        settle(own, !holds && rule.times.isEmpty && !instances[index].machine.stands)
    }

    /// - Parameter isSettled: whether nothing is there, or known, whatever the time: so it stays until one of the terms turns.
    private mutating func settle(_ own: Range<Int>, _ isSettled: Bool) {
        for term in own { watches[term].settled = isSettled ? terms[term].holds : nil }
    }

    private func isInForce(_ rule: AlertRule, at time: Milliseconds, _ threshold: AlertThreshold) -> Bool {
        let moment = threshold.signal.window == nil ? time : time - 1
        return rule.isInForce { isOn($0, at: moment) }
    }

    mutating func observe(
        _ index: Int, _ holds: Bool, at time: Milliseconds, value: Double?, limit: Double?
    ) {
        let before = instances[index].machine
        let transition = instances[index].machine.observe(
            holds, at: time, rule(of: index).conduct, isSuppressed: holds && isSuppressed(index))
        note(index, transition, before, value: value, limit: limit)
    }

    /// A member of a group has new evidence.
    private mutating func noteMember(_ probe: Int, _ index: Int, _ term: Int) {
        let condition = rule(of: index).condition.ofEach
        let first = probes[probe].firstTerm
        probes[probe].holds = condition.holds { terms[first + $0].holds }
        if terms[term].threshold.variants.isEmpty { watches[term].settled = terms[term].holds }
        noteNews(index)
    }

    /// A group is to be judged, not at once: more of its members will speak.
    private mutating func noteNews(_ index: Int) {
        guard !instances[index].isStale else { return }
        instances[index].isStale = true
        push(index, due: clock + Self.groupPause)
    }
}
