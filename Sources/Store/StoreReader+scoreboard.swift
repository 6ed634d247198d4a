import GRDB
package import Telemetry

extension StoreReader {
    /// What the alerts asked of the operators over the part of `range` that is over at `now`.
    package func scoreboard(
        over range: Range<Milliseconds>, domain: String? = nil, ward: String? = nil, at now: Milliseconds
    ) throws -> Scoreboard {
        let past = range.clamped(to: Milliseconds.min..<now)
        let entries: [Scoreboard.Entry] = try alertEvents(
            recordedIn: past, domain: domain, ward: ward
        ).compactMap { event in
            let kind: Scoreboard.Entry.Kind
            switch Annunciation(cause: event.cause, to: event.toState) {
            case .raised: kind = .announced
            case .escalated: kind = .announcedAgain
            case nil where event.cause == AlertCause.acknowledge.rawValue: kind = .acknowledged
            case nil: return nil
            }
            return Scoreboard.Entry(
                kind, alert: event.alert, rule: event.rule, device: event.device,
                priority: AlertPriority(rawValue: event.priority) ?? .low, at: event.recordedMs)
        }
        return Scoreboard(
            entries, over: past,
            stale: try staleAlerts(before: past.upperBound - Span.day, domain: domain, ward: ward).count)
    }
}
