/// A transition that asks operators to look anew, as a bell does (ISA-18.2 section 3.1: annunciation). The one measure of
/// what they hear: consoles announce it, floods and the scoreboard count it, receivers are told of it.
package enum Annunciation: Sendable {
    /// For the first time, or again: it came back, its shelf or its suppression ended, its acknowledgement aged.
    case raised
    /// Nobody took it in time, so the next unit is called; it has been waiting since it was raised.
    case escalated

    /// nil if it asks nobody: what an operator did, he knows.
    package init?(_ cause: AlertCause, to state: AlertState) {
        guard state == .unacknowledged else { return nil }
        switch cause {
        case .condition, .shelfEnded, .suppressionEnded, .acknowledgementAged: self = .raised
        case .escalated: self = .escalated
        case .conditionGone, .acknowledge, .unacknowledge, .reset, .unverified, .verified, .takenOutOfService,
            .putIntoService, .shelve, .unshelve, .shelfEnds, .ruleRemoved:
            return nil
        }
    }

    /// - Parameters: the words of a stored transition.
    package init?(cause: String, to state: String) {
        guard let cause = AlertCause(rawValue: cause), let state = AlertState(rawValue: state) else {
            return nil
        }
        self.init(cause, to: state)
    }
}
