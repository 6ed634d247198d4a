/// Who is told of which transition of an alert, and from when on.
package struct NotificationRouting: Sendable {
    /// The units of a rule.
    private struct Audience {
        var units: Set<String>
        /// Those that are told only once nobody took the alert in time.
        var later: Set<String>

        init(_ rule: AlertRule) {
            units = Set([rule.lead] + rule.copies)
            later = Set(rule.conduct.escalations.map(\.unit))
        }
    }

    package let receivers: [Receiver]
    private let audiences: [String: Audience]
    private let zone: ZoneOffsets

    package init(receivers: [Receiver], rules: [AlertRule], zone: ZoneOffsets) {
        self.receivers = receivers
        self.zone = zone
        audiences = Dictionary(rules.map { ($0.name, Audience($0)) }) { first, _ in first }
    }

    /// Nobody: for files that are replayed.
    package static let none = NotificationRouting(receivers: [], rules: [], zone: .utc)

    /// What to queue for `events`, in their order.
    package func drafts(for events: [AlertEvent], at now: Milliseconds) -> [NotificationDraft] {
        guard !receivers.isEmpty else { return [] }
        return events.indices.flatMap { index -> [NotificationDraft] in
            let event = events[index]
            guard let occasion = NotificationOccasion(event) else { return [] }
            return receivers.filter { wants(event, occasion, $0) }.map { receiver in
                NotificationDraft(
                    event: index, receiver: receiver.name, occasion: occasion, priority: event.priority,
                    due: receiver.moment(for: event.priority, at: now, in: zone))
            }
        }
    }

    private func wants(_ event: AlertEvent, _ occasion: NotificationOccasion, _ receiver: Receiver) -> Bool {
        guard receiver.occasions.contains(occasion), event.priority >= receiver.leastPriority,
            receiver.domains?.contains(event.domain) ?? true, receiver.wards?.contains(event.ward) ?? true
        else { return false }
        guard let units = receiver.units else { return true }
        guard let audience = audiences[event.identity.rule] else { return false }
        return !units.isDisjoint(with: audience.units)
            || occasion == .escalated && !units.isDisjoint(with: audience.later)
    }
}

extension Receiver {
    /// When it may be told of something that is there at `now`.
    func moment(for priority: AlertPriority, at now: Milliseconds, in zone: ZoneOffsets) -> Milliseconds {
        priority >= quietExcept ? now : quiet.end(at: now, in: zone) ?? now
    }
}

/// A message to be queued with the event it tells of.
package struct NotificationDraft: Sendable, Equatable {
    /// Position of its event in the batch.
    package var event: Int
    package var receiver: String
    package var occasion: NotificationOccasion
    package var priority: AlertPriority
    package var due: Milliseconds

    package init(
        event: Int, receiver: String, occasion: NotificationOccasion, priority: AlertPriority,
        due: Milliseconds
    ) {
        self.event = event
        self.receiver = receiver
        self.occasion = occasion
        self.priority = priority
        self.due = due
    }
}
