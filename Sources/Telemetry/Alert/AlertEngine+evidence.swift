internal import CPrefetch

extension AlertEngine {
    /// A message of the device was accepted at `arrival`.
    package mutating func heard(_ device: DeviceID, at arrival: Milliseconds) {
        guard device.index < registry.slots.count, let slot = registry.slots[device.index] else { return }
        if arrival > presences[slot].lastSeen ?? .min {
            let isFirst = presences[slot].lastSeen ?? .min < listeningSince && arrival >= listeningSince
            if isFirst || isDown(slot, at: arrival) { presences[slot].backSince = arrival }
            presences[slot].lastSeen = arrival
        }
        presences[slot].departed = nil
        guard presences[slot].isAwaited else { return }
        presences[slot].isAwaited = false
        wakeAwaiting(slot)
    }

    /// Its gateway says that it is gone: it is quiet from now on, and nobody need wait.
    package mutating func departed(_ device: DeviceID, at time: Milliseconds) {
        guard device.index < registry.slots.count, let slot = registry.slots[device.index] else { return }
        presences[slot].departed = time
        wakeListeners(of: slot)
    }

    private mutating func wakeListeners(of slot: Int) {
        for position in listeners.range(slot) { push(Int(listeners[position]), due: .min) }
    }

    /// Wakes those to whom it matters that the device is heard; the others look at what it says.
    private mutating func wakeAwaiting(_ slot: Int) {
        for position in listeners.range(slot) {
            let index = Int(listeners[position])
            let row = instances[index].rule
            let isAwaiting =
                rules[row].condition.cadences != nil || instances[index].machine.unverifiedSince != nil
            if isAwaiting || rules[row].isTimed { push(index, due: .min) }
        }
    }

    /// A reading of good or uncertain quality.
    @inline(__always)
    package mutating func read(_ reading: Reading) {
        let index = reading.series.index
        guard index < onReading.count, onReading[index] >= 0 else { return }
        decide(Int(onReading[index]), shown(reading), at: reading.time)
    }

    /// The value as rules have it: of a ratio the quotient.
    private func shown(_ reading: Reading) -> Double {
        isRatio[reading.series.index] ? reading.value / reading.weight : reading.value
    }

    /// The newest reading of a series, bad or before a restart: older ones are no evidence any more.
    package mutating func noteNewest(_ time: Milliseconds, of series: SeriesID) {
        guard series.index < onReading.count, onReading[series.index] >= 0 else { return }
        let watch = Int(onReading[series.index])
        watches[watch].time = max(watches[watch].time, time)
    }

    /// Windows that closed, or late parts of some.
    package mutating func closed(_ rollups: Rollups) {
        for index in rollups.indices {
            expect(rollups, index)
            // Most are of no rule: of them no rollup is made.
            let feeds = feeds(of: rollups, at: index)
            if !feeds.isEmpty { closed(rollups[index], feeds) }
        }
    }

    @inline(__always)
    private func feeds(of rollups: Rollups, at index: Int) -> Range<Int> {
        onRollup[rollups.tier(at: index).rawValue].range(rollups.series(at: index).index)
    }

    /// Closed windows from one to the one whose term is asked for meanwhile, and half as many to the one whose sliding window is: of
    /// a city they lie in no cache.
    private static var ahead: Int { 32 }

    @inline(__always)
    private func expect(_ rollups: Rollups, _ index: Int) {
        let (far, near) = (index + Self.ahead, index + Self.ahead / 2)
        guard near < rollups.count else { return }
        terms.withUnsafeBufferPointer { terms in
            pasts.withUnsafeBufferPointer { pasts in
                if far < rollups.count {
                    for position in feeds(of: rollups, at: far) {
                        let feed = onRollup[rollups.tier(at: far).rawValue][position]
                        prefetch_for_writing(terms.baseAddress! + Int(feed.term))
                        prefetch_for_writing(pasts.baseAddress! + Int(feed.past))
                    }
                }
                for position in feeds(of: rollups, at: near) {
                    let feed = onRollup[rollups.tier(at: near).rawValue][position]
                    pasts[Int(feed.past)].windows.expect()
                    let watch = terms[Int(feed.term)].watch
                    watches.withUnsafeBufferPointer { prefetch_for_writing($0.baseAddress! + watch) }
                }
            }
        }
    }

    private mutating func closed(_ rollup: Rollup, _ feeds: Range<Int>) {
        for position in feeds {
            let feed = onRollup[rollup.tier.rawValue][position]
            add(rollup, feed)
            guard feed.role != .baseline else { continue }
            let term = Int(feed.term)
            let end = rollup.start + rollup.tier.length
            if let value = value(of: term, at: rollup.start) {
                decide(terms[term].watch, value, at: end)
            } else if feed.role == .window {
                endPeriod(of: term, rollup.start, at: end)
                reconsider(term, from: end)
            }
        }
    }

    /// A period is over, and what was said was said of it: of the next nothing is known in its first days. What waits only for its
    /// divisor is no new period.
    private mutating func endPeriod(of term: Int, _ start: Milliseconds, at time: Milliseconds) {
        guard terms[term].holds == true, let window = threshold(of: term).signal.window,
            case .pace = window.figure
        else { return }
        let windows = pasts[terms[term].past].windows
        guard windows.newest == start, windows.value(window, zone: times.zone) == nil else { return }
        watches[terms[term].watch].value = nil
        turn(term, to: false, at: time)
    }

    /// The newest window has got a late part.
    mutating func closedAgain(_ term: Int, _ newest: Milliseconds) {
        guard let window = threshold(of: term).signal.window, let value = value(of: term, at: newest) else {
            return
        }
        decide(terms[term].watch, value, at: newest + window.tier.length)
    }

    mutating func add(_ rollup: Rollup, _ feed: Feed) {
        let (term, past) = (Int(feed.term), Int(feed.past))
        if feed.role == .baseline {
            pasts[past].baseline?.add(rollup)
            return
        }
        let watch = terms[term].watch
        watches[watch].time = max(watches[watch].time, rollup.start + rollup.tier.length)
        guard let window = thresholds[terms[term].threshold].signal.window else { return }
        var keepsDetail = false
        if case .statistic(let statistic) = window.figure { keepsDetail = statistic.quantile != nil }
        if feed.role == .divisor {
            pasts[past].divisors.add(rollup, length: window.length, keepsDetail: keepsDetail)
        } else {
            pasts[past].windows.add(rollup, length: window.length, keepsDetail: keepsDetail)
        }
    }

    /// The figure of the window that ends with the part from `start` on; nil if that is not the newest, or there is none.
    /// Of two measurements both must have it: a quotient of two times says nothing.
    private func value(of term: Int, at start: Milliseconds) -> Double? {
        let (row, past) = (terms[term].threshold, terms[term].past)
        // The signal as a whole has texts, and copies of them are counted.
        guard let window = thresholds[row].signal.window, pasts[past].windows.newest == start,
            let value = pasts[past].windows.value(window, zone: times.zone, baseline: pasts[past].baseline)
        else { return nil }
        guard thresholds[row].signal.divisor != nil else { return value }
        guard pasts[past].divisors.newest == start,
            let divisor = pasts[past].divisors.value(window, zone: times.zone), divisor != 0
        else { return nil }
        let quotient = value / divisor
        return quotient.isFinite ? quotient : nil
    }

    @inline(__always)
    private mutating func decide(_ place: Int, _ value: Double, at time: Milliseconds) {
        guard time >= watches[place].time, watches[place].calm.contains(value) else {
            return decide(eachOf: place, value, at: time)
        }
        watches[place].time = time
        watches[place].value = value
        guard watches[place].memberCount > 0 else { return }
        for position in hearers.range(place).prefix(watches[place].memberCount) {
            noteNews(Int(hearers[position].group))
        }
    }

    /// Evidence that may change something.
    private mutating func decide(eachOf place: Int, _ value: Double, at time: Milliseconds) {
        let own = hearers.range(place)
        guard time >= watches[place].time else {
            for position in own { consider(late: value, of: Int(hearers[position].term), at: time) }
            return
        }
        watches[place].time = time
        watches[place].value = value
        for position in own {
            let hearer = hearers[position]
            if !isCalm(Int(hearer.term), at: value) {
                turn(Int(hearer.term), value, at: time)
            } else if hearer.group >= 0 {
                noteNews(Int(hearer.group))
            }
        }
        watches[place].calm = calm(own)
    }

    private func isCalm(_ term: Int, at value: Double) -> Bool {
        guard let settled = terms[term].settled else { return false }
        return thresholds[terms[term].threshold].limit.holds(at: value, before: settled) == settled
    }

    private func calm(_ own: Range<Int>) -> CalmValues {
        var calm = CalmValues.all
        for position in own {
            let term = Int(hearers[position].term)
            guard let settled = terms[term].settled else { return .none }
            calm.narrow(to: CalmValues(of: thresholds[terms[term].threshold].limit, before: settled))
        }
        return calm
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
        settle(term, nil)
        if holds != held { (terms[term].turnedAt, terms[term].heldBefore) = (time, held) }
        terms[term].holds = holds
        guard case .device = instances[index].scope else { return noteMember(probe, index, term) }
        // Of one threshold alone that never held there is nothing to keep.
        if holds != held, holds || held != nil || probes[probe].terms.count > 1 { changed.insert(index) }
        judge(index, probe, asked: term)
    }

    /// A window ends where the next begins: what is in force is what was in force in it.
    func limit(of term: Int, at time: Milliseconds) -> AlertLimit {
        // Nearly all have none, and to take the threshold out of its array costs more than the rest.
        let row = terms[term].threshold
        guard !thresholds[row].variants.isEmpty else { return thresholds[row].limit }
        let threshold = thresholds[row]
        let moment = threshold.signal.window == nil ? time : time - 1
        return threshold.limit { isOn($0, at: moment) }
    }

    /// A term of the device's condition has new evidence: whether the condition holds, and what follows.
    mutating func judge(_ index: Int, _ probe: Int, asked term: Int) {
        let row = instances[index].rule
        let isTimed = rules[row].isTimed
        let own = probes[probe].terms
        guard var holds = rules[row].condition.holds({ terms[own.lowerBound + $0].holds }) else {
            return settle(own, !isTimed)
        }
        // Each term has a time of its own; the condition's is the newest.
        let moment = own.reduce(Milliseconds.min) { max($0, watches[terms[$1].watch].time) }
        if isTimed, !isInForce(rules[row], at: moment, threshold(of: term)) { holds = false }
        let value = watches[terms[term].watch].value
        // Kept, too: after a restart the next transition tells of the newest value, not of the first.
        if holds, instances[index].value != value {
            instances[index].value = value
            instances[index].headline = term - own.lowerBound
            changed.insert(index)
        }
        let limit = value.map { self.limit(of: term, at: moment).limit(at: $0) }
        observe(index, holds, at: moment, value: value, limit: limit)
        settle(own, !holds && !isTimed && !instances[index].machine.stands)
    }

    /// - Parameter isSettled: whether nothing is there, or known, whatever the time: so it stays until one of the terms turns.
    private mutating func settle(_ own: Range<Int>, _ isSettled: Bool) {
        for term in own { settle(term, isSettled ? terms[term].holds : nil) }
    }

    mutating func settle(_ term: Int, _ settled: Bool?) {
        guard terms[term].settled != settled else { return }
        terms[term].settled = settled
        watches[terms[term].watch].calm = .none
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
            holds, at: time, rules[instances[index].rule].conduct, isSuppressed: holds && isSuppressed(index))
        note(index, transition, before, value: value, limit: limit)
    }

    /// A member of a group has new evidence.
    private mutating func noteMember(_ probe: Int, _ index: Int, _ term: Int) {
        let condition = rule(of: index).condition.ofEach
        let first = probes[probe].terms.lowerBound
        probes[probe].holds = condition.holds { terms[first + $0].holds }
        if thresholds[terms[term].threshold].variants.isEmpty { settle(term, terms[term].holds) }
        noteNews(index)
    }

    /// A group is to be judged, not at once: more of its members will speak.
    private mutating func noteNews(_ index: Int) {
        guard !instances[index].isStale else { return }
        instances[index].isStale = true
        push(index, due: clock + Self.groupPause)
    }
}
