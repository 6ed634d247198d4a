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

    /// Whether an operator has it in the list.
    package var isOpen: Bool { self == .unacknowledged || self == .acknowledged || self == .returned }
}

/// What made an alert change its state.
package enum AlertCause: String, Sendable, Codable {
    case condition
    case conditionGone = "condition-gone"
    case acknowledge
    case unacknowledge
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

    package init(
        settled: AlertState = .normal, holds: Bool = false, holdsSince: Milliseconds = .min,
        onset: Milliseconds = .min
    ) {
        precondition(settled != .pending, "pending is derived")
        self.settled = settled
        self.holds = holds
        self.holdsSince = holdsSince
        self.onset = onset
    }

    package var state: AlertState { settled == .normal && holds ? .pending : settled }

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
        if settled == .normal { onset = holdsSince }
        return move(to: .unacknowledged, at: holdsSince + onDelay, .condition)
    }

    private mutating func clear(at time: Milliseconds, _ offDelay: Milliseconds) -> Transition? {
        guard settled == .unacknowledged || settled == .acknowledged, time - holdsSince >= offDelay else {
            return nil
        }
        return move(
            to: settled == .acknowledged ? .normal : .returned, at: holdsSince + offDelay, .conditionGone)
    }

    /// nil if there is nothing to acknowledge.
    package mutating func acknowledge(at now: Milliseconds) -> Transition? {
        switch settled {
        case .unacknowledged: move(to: .acknowledged, at: now, .acknowledge)
        case .returned: move(to: .normal, at: now, .acknowledge)
        default: nil
        }
    }

    /// nil if it was not acknowledged.
    package mutating func unacknowledge(at now: Milliseconds) -> Transition? {
        settled == .acknowledged ? move(to: .unacknowledged, at: now, .unacknowledge) : nil
    }

    private mutating func move(to state: AlertState, at time: Milliseconds, _ cause: AlertCause) -> Transition
    {
        defer { settled = state }
        return Transition(from: settled, to: state, at: time, cause: cause)
    }
}
