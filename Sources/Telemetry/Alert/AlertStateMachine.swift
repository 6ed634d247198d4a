/// One rule on one scope: delays and operator actions over a condition that holds or does not.
///
/// Decisions only: every method takes the time and returns the transition, if there was one. What operators see follows from
/// the rest, so a restart in the middle of a delay goes on where it was.
package struct AlertStateMachine: Sendable, Equatable {
    package struct Transition: Sendable, Equatable {
        package var from: AlertState
        package var to: AlertState
        package var at: Milliseconds
        package var cause: AlertCause
    }

    /// `normal`, `unacknowledged`, `acknowledged`, `returned` or `latched`.
    package private(set) var settled: AlertState
    /// Whether the condition holds, as of the last evidence.
    package private(set) var holds: Bool
    /// Since when it has held or not held.
    package private(set) var holdsSince: Milliseconds
    /// When the condition of the present alert began to hold: with rule and scope the alert's identity.
    package private(set) var onset: Milliseconds
    /// While there is one, the rest changes unseen, and the alert stays the same one; out of service until it is over.
    package private(set) var veil: AlertVeil?
    /// By the clock, since when operators have had it as it is: what ageing and escalation count from. nil while they have
    /// nothing to do with it, or not yet for a tick.
    package private(set) var attendedSince: Milliseconds?
    /// Units told besides the lead since it was announced last.
    package private(set) var escalated: Int
    /// Since when its device has been silent while it stands.
    package private(set) var unverifiedSince: Milliseconds?

    package init(
        settled: AlertState = .normal, holds: Bool = false, holdsSince: Milliseconds = .min,
        onset: Milliseconds = .min, veil: AlertVeil? = nil, attendedSince: Milliseconds? = nil,
        escalated: Int = 0, unverifiedSince: Milliseconds? = nil
    ) {
        precondition(settled != .pending && !settled.isHidden, "\(settled) is derived")
        self.settled = settled
        self.holds = holds
        self.holdsSince = holdsSince
        self.onset = onset
        self.veil = veil
        self.attendedSince = attendedSince
        self.escalated = escalated
        self.unverifiedSince = unverifiedSince
    }

    package var state: AlertState {
        if let veil { return veil.state }
        return settled == .normal && holds ? .pending : settled
    }

    /// Whether the alert is announced and its condition was there when last looked at.
    package var stands: Bool { settled == .unacknowledged || settled == .acknowledged }

    /// Whether there is nothing to remember.
    package var isAtRest: Bool { settled == .normal && !holds && veil == nil }

    /// Of a rule that has only so many steps now.
    mutating func limitEscalations(to count: Int) { escalated = min(escalated, count) }

    // MARK: Evidence

    /// Evidence at `time` that the condition holds, or does not.
    /// - Parameter isSuppressed: whether a new alert is to come up unseen.
    package mutating func observe(
        _ holds: Bool, at time: Milliseconds, _ conduct: AlertConduct, isSuppressed: Bool = false
    ) -> Transition? {
        if holds != self.holds {
            self.holds = holds
            holdsSince = time
        }
        return holds ? raise(at: time, conduct, isSuppressed) : clear(at: time, conduct)
    }

    /// The clock reached `now` without evidence to the contrary: an on-delay may be over. Nothing clears this way.
    package mutating func elapse(to now: Milliseconds, _ conduct: AlertConduct, isSuppressed: Bool = false)
        -> Transition?
    {
        holds ? raise(at: now, conduct, isSuppressed) : nil
    }

    private mutating func raise(at time: Milliseconds, _ conduct: AlertConduct, _ isSuppressed: Bool)
        -> Transition?
    {
        guard !stands, time - holdsSince >= conduct.onDelay else { return nil }
        // Out of service is the rule: what comes up meanwhile is an alert of its own, however long the rule has been that.
        if settled == .normal, veil == nil || veil == .outOfService { onset = holdsSince }
        let at = holdsSince + conduct.onDelay
        guard settled == .normal, veil == nil, isSuppressed else {
            return move(to: .unacknowledged, at: at, .condition)
        }
        defer { veil = .suppression }
        settled = .unacknowledged
        return Transition(from: .normal, to: .suppressed, at: at, cause: .condition)
    }

    private mutating func clear(at time: Milliseconds, _ conduct: AlertConduct) -> Transition? {
        guard stands, time - holdsSince >= conduct.offDelay else { return nil }
        let end = holdsSince + conduct.offDelay
        unverifiedSince = nil
        // Who shelves it has seen it, and of what was suppressed there is nothing to see.
        let isSeen = settled == .acknowledged || veil != nil
        let transition = move(
            to: isSeen ? (conduct.latches ? .latched : .normal) : .returned, at: end, .conditionGone)
        switch veil {
        case .suppression: return lift(at: end, .conditionGone)
        case .shelf(let shelf) where shelf.isOneShot: return lift(at: end, .conditionGone)
        default: return transition
        }
    }

    /// Its device has been silent since `time`, or is heard again (nil).
    package mutating func verify(unverifiedSince time: Milliseconds?, at now: Milliseconds) -> Transition? {
        guard stands, (time == nil) != (unverifiedSince == nil) else { return nil }
        unverifiedSince = time
        guard veil == nil else { return nil }
        return Transition(from: settled, to: settled, at: now, cause: time == nil ? .verified : .unverified)
    }

    // MARK: Operators

    /// nil if there is nothing to acknowledge.
    package mutating func acknowledge(at now: Milliseconds, latches: Bool = false) -> Transition? {
        switch state {
        case .unacknowledged: move(to: .acknowledged, at: now, .acknowledge)
        case .returned: move(to: latches ? .latched : .normal, at: now, .acknowledge)
        default: nil
        }
    }

    /// nil if it was not acknowledged.
    package mutating func unacknowledge(at now: Milliseconds) -> Transition? {
        state == .acknowledged ? move(to: .unacknowledged, at: now, .unacknowledge) : nil
    }

    /// nil if it is not latched.
    package mutating func reset(at now: Milliseconds) -> Transition? {
        state == .latched ? move(to: .normal, at: now, .reset) : nil
    }

    /// Sets it aside until `until`, at most for `AlertShelf.longest`; one that is shelved, anew.
    /// - Returns: nil if there is nothing to set aside.
    package mutating func shelve(until: Milliseconds, isOneShot: Bool, at now: Milliseconds) -> Transition? {
        let from = state
        guard from == .unacknowledged || from == .acknowledged || from == .shelved, until > now else {
            return nil
        }
        veil = .shelf(AlertShelf(from: now, until: until, isOneShot: isOneShot))
        return Transition(from: from, to: .shelved, at: now, cause: .shelve)
    }

    /// nil if it was not shelved.
    package mutating func unshelve(at now: Milliseconds) -> Transition? {
        state == .shelved ? lift(at: now, .unshelve) : nil
    }

    /// Takes it out of service, whatever it is; nil if it is that already.
    package mutating func takeOutOfService(at now: Milliseconds) -> Transition? {
        let from = state
        guard from != .outOfService else { return nil }
        // Who lists what is out of service must find it, also if there was no alert.
        if settled == .normal, veil == nil { onset = now }
        veil = .outOfService
        return Transition(from: from, to: .outOfService, at: now, cause: .takenOutOfService)
    }

    /// nil if it was in service.
    package mutating func putIntoService(at now: Milliseconds) -> Transition? {
        state == .outOfService ? lift(at: now, .putIntoService) : nil
    }

    // MARK: Clock

    /// The clock reached `now`: a shelf ends, or ends soon.
    package mutating func elapseShelf(to now: Milliseconds) -> Transition? {
        guard case .shelf(var shelf) = veil else { return nil }
        if now >= shelf.until { return lift(at: shelf.until, .shelfEnded) }
        guard now >= shelf.due else { return nil }
        shelf.isNoticed = true
        veil = .shelf(shelf)
        return Transition(from: .shelved, to: .shelved, at: now, cause: .shelfEnds)
    }

    /// The gateway is back and the condition still there; nil if it was not suppressed.
    package mutating func endSuppression(at now: Milliseconds) -> Transition? {
        state == .suppressed ? lift(at: now, .suppressionEnded) : nil
    }

    /// The clock reached `now`: an acknowledgement is too old, or the next unit is to be told.
    package mutating func elapseAttention(to now: Milliseconds, _ conduct: AlertConduct) -> Transition? {
        guard veil == nil, let since = attendedSince ?? startAttention(at: now, conduct),
            let due = attentionDue(conduct), now >= due
        else { return nil }
        if settled == .acknowledged { return move(to: .unacknowledged, at: now, .acknowledgementAged) }
        escalated += 1
        attendedSince = since
        return Transition(from: settled, to: settled, at: now, cause: .escalated)
    }

    private mutating func startAttention(at now: Milliseconds, _ conduct: AlertConduct) -> Milliseconds? {
        guard waits(conduct) else { return nil }
        attendedSince = now
        return now
    }

    /// Whether the clock counts for those who have it: as it stands, something will be due.
    private func waits(_ conduct: AlertConduct) -> Bool {
        switch settled {
        case .unacknowledged: !conduct.escalations.isEmpty
        case .acknowledged: conduct.acknowledgementAge != nil
        default: false
        }
    }

    /// When something is due because nobody acted, at once where the clock is still to be started; nil if nothing will be.
    package func attentionDue(_ conduct: AlertConduct) -> Milliseconds? {
        guard veil == nil, waits(conduct) else { return nil }
        guard let since = attendedSince else { return .min }
        if settled == .acknowledged { return conduct.acknowledgementAge.map { since + $0 } }
        guard escalated < conduct.escalations.count else { return nil }
        return since + conduct.escalations[escalated].after
    }

    // MARK: -

    private mutating func lift(at time: Milliseconds, _ cause: AlertCause) -> Transition {
        let from = state
        veil = nil
        attendedSince = nil
        escalated = 0
        return Transition(from: from, to: settled, at: time, cause: cause)
    }

    /// - Returns: nil behind a veil.
    private mutating func move(to next: AlertState, at time: Milliseconds, _ cause: AlertCause) -> Transition?
    {
        let from = settled
        settled = next
        attendedSince = nil
        escalated = 0
        return veil == nil ? Transition(from: from, to: next, at: time, cause: cause) : nil
    }
}
