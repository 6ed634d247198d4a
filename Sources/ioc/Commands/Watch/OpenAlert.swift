import Store
import Telemetry

/// An alert as the live screen keeps it.
struct OpenAlert: Sendable, Equatable, Identifiable {
    var id: Int64
    var rule: String
    var device: String
    var ward: String
    var priority: AlertPriority
    var state: AlertState
    var raised: Milliseconds
    var summary: Title
    /// Since when its device is silent.
    var unverifiedSince: Milliseconds?

    init(
        id: Int64, rule: String, device: String, ward: String, priority: AlertPriority, state: AlertState,
        raised: Milliseconds, summary: Title, unverifiedSince: Milliseconds? = nil
    ) {
        self.id = id
        self.rule = rule
        self.device = device
        self.ward = ward
        self.priority = priority
        self.state = state
        self.raised = raised
        self.summary = summary
        self.unverifiedSince = unverifiedSince
    }

    /// nil if the service says a state or priority that this version does not know.
    init?(_ answer: AlertAnswer) {
        guard let priority = AlertPriority(rawValue: answer.priority),
            let state = AlertState(rawValue: answer.state)
        else { return nil }
        self.init(
            id: answer.id, rule: answer.rule, device: answer.device, ward: answer.ward, priority: priority,
            state: state,
            raised: answer.raisedMs, summary: Title(vi: answer.summaryVi, en: answer.summaryEn),
            unverifiedSince: answer.unverifiedSinceMs)
    }

    /// One that is pinned in a flood.
    init(_ event: ConsoleEvent) {
        self.init(
            id: event.alert, rule: event.rule, device: event.device, ward: event.ward,
            priority: event.priority,
            state: event.state, raised: event.recordedMs,
            summary: Title(vi: event.summaryVi, en: event.summaryEn))
    }
}
