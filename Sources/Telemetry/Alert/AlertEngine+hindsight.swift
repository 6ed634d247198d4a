extension AlertEngine {
    /// A reading older than one that has been judged.
    mutating func consider(late value: Double, of term: Int, at time: Milliseconds) {
        guard case .device = instances[probes[terms[term].probe].instance].scope,
            let decided = decision(of: term, at: time)
        else { return }
        note(late: value, of: term, at: time, decided)
    }

    /// A part of a window came late: the newest window that holds it is judged anew, what was decided before is compared.
    mutating func reconsider(_ term: Int, from end: Milliseconds) {
        let signal = threshold(of: term).signal
        let past = terms[term].past
        guard let window = signal.window, let newest = pasts[past].windows.newest, signal.divisor == nil
        else { return }
        let newestEnd = newest + window.tier.length
        if end > newestEnd - window.length { closedAgain(term, newest) }
        guard case .statistic = window.figure,
            case .device = instances[probes[terms[term].probe].instance].scope
        else { return }
        var moment = end
        while moment < newestEnd, moment < end + window.length {
            if let decided = decision(of: term, at: moment),
                let value = pasts[past].windows.value(window, endingAt: moment, zone: times.zone)
            {
                note(late: value, of: term, at: moment, decided)
            }
            moment += window.tier.length
        }
    }

    /// What was decided of a past moment, as far back as one change; nil before the first evidence.
    private func decision(of term: Int, at time: Milliseconds) -> Bool? {
        time >= terms[term].turnedAt ? terms[term].holds : terms[term].heldBefore
    }

    private mutating func note(late value: Double, of term: Int, at time: Milliseconds, _ decided: Bool) {
        let index = probes[terms[term].probe].instance
        let limit = limit(of: term, at: time)
        // Between the limit and where it clears both are right.
        let holds = limit.holds(at: value, before: decided)
        guard holds != decided, hindsights[index] == nil else { return }
        hindsights[index] = AlertHindsight(
            rule: rule(of: index).name, scope: scope(of: index).key, at: time, value: value,
            limit: limit.limit(at: value), holds: holds)
    }

    /// Of each instance the first since the last call: late data comes in heaps, and one tells of the heap.
    package mutating func takeHindsights() -> [AlertHindsight] {
        guard !hindsights.isEmpty else { return [] }
        defer { hindsights.removeAll(keepingCapacity: true) }
        return hindsights.sorted { $0.key < $1.key }.map(\.value)
    }
}
