/// What an operator's act means to those who have not been told of the alert yet, as in quiet hours.
package enum OperatorBearing: Sendable {
    /// Somebody has it in hand: nobody else need be called.
    case inHand
    /// It asks for somebody after all.
    case openAgain

    /// nil if it changes nothing for them.
    package init?(_ event: AlertEvent) {
        guard event.operatorName != nil else { return nil }
        switch event.to {
        case .acknowledged, .normal, .latched, .shelved, .outOfService: self = .inHand
        case .unacknowledged: self = .openAgain
        case .pending, .returned, .suppressed: return nil
        }
    }
}
