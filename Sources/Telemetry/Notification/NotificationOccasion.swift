/// A transition of an alert that people outside the console may want to be told of.
package enum NotificationOccasion: String, Sendable, CaseIterable, Codable {
    /// It asks for somebody, for the first time or again.
    case raised
    /// Nobody took it in time.
    case escalated
    /// Its condition is gone.
    case returned

    /// Whether it is no news once somebody has the alert in hand.
    package var asksForSomebody: Bool { self != .returned }

    /// nil if nobody need be told: what operators do they know.
    package init?(_ event: AlertEvent) {
        guard event.operatorName == nil else { return nil }
        switch Annunciation(event.cause, to: event.to) {
        case .raised: self = .raised
        case .escalated: self = .escalated
        case nil where event.cause == .conditionGone: self = .returned
        case nil: return nil
        }
    }
}
