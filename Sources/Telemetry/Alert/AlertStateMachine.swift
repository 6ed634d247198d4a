/// Where an alert stands for the operator (ISA-18.2 section 5, IEC 62682 clause 5.3).
package enum AlertState: String, Sendable, CaseIterable, Codable {
    /// The condition does not hold, and nothing is left to acknowledge.
    case normal
    /// The condition holds, but not yet for the on-delay.
    case pending
    /// The condition holds and nobody has taken it.
    case unacknowledged
    /// The condition holds and somebody has taken it.
    case acknowledged
    /// The condition is gone, but nobody has seen that it was there.
    case returned
    /// The condition is gone and was seen, but the rule wants it reset by hand.
    case latched
    /// An operator has set it aside for a time.
    case shelved
    /// What it comes from is known: the gateway of its device is down.
    case suppressed
    /// Somebody works on it; until it is put back into service.
    case outOfService = "out-of-service"

    /// Whether an operator has it in the list.
    package var isOpen: Bool {
        self == .unacknowledged || self == .acknowledged || self == .returned || self == .latched
    }

    /// Whether it is kept out of the list although it is there.
    package var isHidden: Bool { self == .shelved || self == .suppressed || self == .outOfService }
}

/// What made an alert change its state.
package enum AlertCause: String, Sendable, Codable {
    case condition
    case conditionGone = "condition-gone"
    case acknowledge
    case unacknowledge
    /// A latched one, by hand.
    case reset
    /// Nobody has to do with it any more, though it was acknowledged long ago and still stands.
    case acknowledgementAged = "acknowledgement-aged"
    /// Nobody took it in time: the next unit is told.
    case escalated
    /// It stands, but its device has fallen silent: nobody knows whether it still does.
    case unverified
    /// Its device speaks again.
    case verified
    /// The gateway of its device is back.
    case suppressionEnded = "suppression-ended"
    case takenOutOfService = "taken-out-of-service"
    case putIntoService = "put-into-service"
    case shelve
    case unshelve
    /// A shelf ends soon.
    case shelfEnds = "shelf-ends"
    case shelfEnded = "shelf-ended"
}

/// One rule on one scope: delays and operator actions over a condition that holds or does not.
///
/// Decisions only: every method takes the time and returns the transition, if there was one. `pending` is not kept but
/// follows from the rest, so a restart in the middle of a delay goes on where it was.
package struct AlertStateMachine: Sendable, Equatable {
    package struct Transition: Sendable, Equatable {
        package var from: AlertState
        package var to: AlertState
        package var at: Milliseconds
        package var cause: AlertCause
    }

    /// `normal`, `unacknowledged`, `acknowledged` or `returned`.
    package private(set) var settled: AlertState
    /// Whether the condition holds, as of the last evidence.
    package private(set) var holds: Bool
    /// Since when it has held or not held.
    package private(set) var holdsSince: Milliseconds
    /// When the condition of the present alert began to hold: with rule and scope the alert's identity.
    package private(set) var onset: Milliseconds
    /// While there is one, the rest changes unseen, and the alert stays the same one.
    package private(set) var shelf: AlertShelf?

    package init(
        settled: AlertState = .normal, holds: Bool = false, holdsSince: Milliseconds = .min,
        onset: Milliseconds = .min, shelf: AlertShelf? = nil
    ) {
        precondition(settled != .pending && settled != .shelved, "pending and shelved are derived")
        self.shelf = shelf
        self.settled = settled
        self.holds = holds
        self.holdsSince = holdsSince
        self.onset = onset
    }

    package var state: AlertState {
        if shelf != nil { return .shelved }
        return settled == .normal && holds ? .pending : settled
    }

    /// Evidence at `time` that the condition holds, or does not.
    package mutating func observe(
        _ holds: Bool, at time: Milliseconds, onDelay: Milliseconds, offDelay: Milliseconds
    ) -> Transition? {
        if holds != self.holds {
            self.holds = holds
            holdsSince = time
        }
        return holds ? raise(at: time, onDelay) : clear(at: time, offDelay)
    }

    /// The clock reached `now` without evidence to the contrary: an on-delay may be over. Nothing clears this way.
    package mutating func elapse(to now: Milliseconds, onDelay: Milliseconds) -> Transition? {
        holds ? raise(at: now, onDelay) : nil
    }

    private mutating func raise(at time: Milliseconds, _ onDelay: Milliseconds) -> Transition? {
        guard settled == .normal || settled == .returned, time - holdsSince >= onDelay else { return nil }
        if settled == .normal, shelf == nil { onset = holdsSince }
        return move(to: .unacknowledged, at: holdsSince + onDelay, .condition)
    }

    private mutating func clear(at time: Milliseconds, _ offDelay: Milliseconds) -> Transition? {
        guard settled == .unacknowledged || settled == .acknowledged, time - holdsSince >= offDelay else {
            return nil
        }
        let end = holdsSince + offDelay
        // Who shelves it has seen it.
        let isSeen = settled == .acknowledged || shelf != nil
        let transition = move(to: isSeen ? .normal : .returned, at: end, .conditionGone)
        return shelf?.isOneShot == true ? takeDown(at: end, .conditionGone) : transition
    }

    /// nil if there is nothing to acknowledge.
    package mutating func acknowledge(at now: Milliseconds) -> Transition? {
        switch state {
        case .unacknowledged: move(to: .acknowledged, at: now, .acknowledge)
        case .returned: move(to: .normal, at: now, .acknowledge)
        default: nil
        }
    }

    /// nil if it was not acknowledged.
    package mutating func unacknowledge(at now: Milliseconds) -> Transition? {
        state == .acknowledged ? move(to: .unacknowledged, at: now, .unacknowledge) : nil
    }

    /// Sets it aside until `until`, at most for `AlertShelf.longest`; one that is shelved, anew.
    /// - Returns: nil if there is nothing to set aside.
    package mutating func shelve(until: Milliseconds, isOneShot: Bool, at now: Milliseconds) -> Transition? {
        let from = state
        guard from == .unacknowledged || from == .acknowledged || from == .shelved, until > now else {
            return nil
        }
        shelf = AlertShelf(from: now, until: until, isOneShot: isOneShot)
        return Transition(from: from, to: .shelved, at: now, cause: .shelve)
    }

    /// nil if it was not shelved.
    package mutating func unshelve(at now: Milliseconds) -> Transition? {
        shelf == nil ? nil : takeDown(at: now, .unshelve)
    }

    /// The clock reached `now`: a shelf ends, or ends soon.
    package mutating func elapseShelf(to now: Milliseconds) -> Transition? {
        guard let shelf else { return nil }
        if now >= shelf.until { return takeDown(at: shelf.until, .shelfEnded) }
        guard !shelf.isNoticed, now >= shelf.until - AlertShelf.notice else { return nil }
        self.shelf?.isNoticed = true
        return Transition(from: .shelved, to: .shelved, at: now, cause: .shelfEnds)
    }

    private mutating func takeDown(at time: Milliseconds, _ cause: AlertCause) -> Transition {
        shelf = nil
        return Transition(from: .shelved, to: settled, at: time, cause: cause)
    }

    /// - Returns: nil while it is shelved.
    private mutating func move(to state: AlertState, at time: Milliseconds, _ cause: AlertCause)
        -> Transition?
    {
        defer { settled = state }
        return shelf == nil ? Transition(from: settled, to: state, at: time, cause: cause) : nil
    }
}
