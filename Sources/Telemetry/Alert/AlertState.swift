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
    /// Its device's gateway was down when it came up: what it comes from is known.
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
    /// It was acknowledged long ago and still stands: somebody is to look again.
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
    /// Its rule or its device is configured no longer.
    case ruleRemoved = "rule-removed"
}
