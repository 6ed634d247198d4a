import GRDB
import Telemetry

@testable import Store

extension StoreContents {
    /// A row of the outbox.
    struct Message: Equatable {
        var receiver: String
        var occasion: String
        /// Of the transition it tells of; a digest has none.
        var alert: AlertIdentity?
        /// Place of that transition in the history, from 1.
        var event: Int?
        var priority: String
        var state = "queued"
        var queued: Milliseconds
        var due: Milliseconds
        var firstSent: Milliseconds?
        var sent: Milliseconds?
        var delivered: Milliseconds?
        var acknowledged: Milliseconds?
        var failed: Milliseconds?
        var attempts = 0
        var error: String?
        var isHeld = false
        var digest: Int?
    }

    // MARK: By hand

    /// In the order in which the writer takes them: what became of older ones, events, new ones.
    mutating func change(_ changes: [NotificationChange], at now: Milliseconds) {
        for change in changes {
            if case .folded(_, let receiver, let priority, let why) = change {
                messages.append(
                    Message(
                        receiver: receiver, occasion: why.rawValue, priority: priority.rawValue, queued: now,
                        due: now))
            }
            let digest = messages.count
            for id in change.ids where messages.indices.contains(Int(id) - 1) {
                messages[Int(id) - 1].take(change, digest: digest)
            }
        }
    }

    mutating func heed(_ event: AlertEvent, at now: Milliseconds) {
        for index in messages.indices where messages[index].alert == event.identity {
            let digest = messages[index].digest.map { messages[$0 - 1].state }
            messages[index].heed(event, at: now, digest: digest)
        }
    }

    mutating func queue(_ drafts: [NotificationDraft], of events: [AlertEvent], at now: Milliseconds) {
        let first = transitions.count - events.count + 1
        messages += drafts.map {
            Message(
                receiver: $0.receiver, occasion: $0.occasion.rawValue, alert: events[$0.event].identity,
                event: first + $0.event, priority: $0.priority.rawValue, queued: now, due: $0.due)
        }
    }

    // MARK: From a database

    mutating func readMessages(_ db: Database) throws {
        let rows = try GRDB.Row.fetchAll(
            db,
            sql: """
                SELECT a.rule, a.scope, a.onset_ms, n.* FROM notification n LEFT JOIN alert a ON a.id = n.alert
                ORDER BY n.id
                """)
        messages = rows.map { row in
            let rule: String? = row["rule"]
            return Message(
                receiver: row["receiver"], occasion: row["occasion"],
                alert: rule.map {
                    AlertIdentity(rule: $0, scope: row["scope"], onset: row["onset_ms"])
                },
                event: row["event"], priority: row["priority"], state: row["state"], queued: row["queued_ms"],
                due: row["due_ms"], firstSent: row["first_sent_ms"], sent: row["sent_ms"],
                delivered: row["delivered_ms"], acknowledged: row["acknowledged_ms"],
                failed: row["failed_ms"], attempts: row["attempts"], error: row["last_error"],
                isHeld: row["held"], digest: row["digest"])
        }
    }
}

extension StoreContents.Message {
    fileprivate mutating func take(_ change: NotificationChange, digest: Int) {
        if state == "spared", case .delivered(_, let time) = change {
            (state, delivered, attempts) = ("acknowledged", time, attempts + 1)
        }
        guard state == "queued" || state == "sent" else { return }
        switch change {
        case .sent(_, let time):
            firstSent = firstSent ?? sent ?? time
            (state, sent) = ("sent", time)
        case .delivered(_, let time):
            (state, delivered, error, attempts) = ("delivered", time, nil, attempts + 1)
        case .retry(_, let due, let error):
            (state, self.due, self.error, sent, attempts) = ("queued", due, error, nil, attempts + 1)
        case .failed(_, let time, let error):
            (state, failed, self.error, sent, attempts) = ("failed", time, error, nil, attempts + 1)
        case .postponed(_, let until): due = until
        case .held(_, let until): (due, isHeld) = (until, true)
        case .folded: (state, self.digest) = ("digested", digest)
        }
    }

    fileprivate mutating func heed(_ event: AlertEvent, at now: Milliseconds, digest: String?) {
        if event.cause == .acknowledge,
            state == "delivered" || state == "digested" && digest == "delivered"
        {
            (state, acknowledged) = ("acknowledged", now)
        }
        switch OperatorBearing(event) {
        case .inHand where state == "queued" && attempts == 0 && occasion != "returned":
            (state, acknowledged) = ("spared", now)
        case .openAgain where state == "spared" && due > now: (state, acknowledged) = ("queued", nil)
        default: break
        }
    }
}
