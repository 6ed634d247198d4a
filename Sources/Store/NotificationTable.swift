import GRDB
import Telemetry

/// The outbox in the one database: queued with the event, changed by what became of it.
enum NotificationTable {
    /// - Parameter event: where the event of the draft was recorded.
    static func queue(
        _ draft: NotificationDraft, _ event: AlertTable.Recorded, at now: Milliseconds, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO notification(receiver, occasion, alert, event, priority, state, queued_ms, due_ms)
                VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)
                """
        ).execute(arguments: [
            draft.receiver, draft.occasion.rawValue, event.alert, event.event, draft.priority.rawValue, now,
            draft.due,
        ])
    }

    /// An operator took the alert: whoever was told before knows that somebody cares.
    static func acknowledge(alert: Int64, at now: Milliseconds, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE notification SET state = 'acknowledged', acknowledged_ms = ? WHERE alert = ?
                    AND (state = 'delivered' OR state = 'digested' AND EXISTS (SELECT 1 FROM notification d
                        WHERE d.id = notification.digest AND d.state = 'delivered'))
                """
        ).execute(arguments: [now, alert])
    }

    /// Calls nobody to an alert that somebody has in hand. What was tried may have arrived: it is tried on, so that whoever
    /// got half of it gets it whole.
    static func heed(_ bearing: OperatorBearing, alert: Int64, at now: Milliseconds, _ db: Database) throws {
        switch bearing {
        case .inHand:
            try db.cachedStatement(sql: spare).execute(arguments: [now, alert])
        case .openAgain:
            let sql = """
                UPDATE notification SET state = 'queued', acknowledged_ms = NULL
                WHERE alert = ? AND state = 'spared' AND due_ms > ?
                """
            try db.cachedStatement(sql: sql).execute(arguments: [alert, now])
        }
    }

    private static let spare = """
        UPDATE notification SET state = 'spared', acknowledged_ms = ? WHERE alert = ? AND state = 'queued' AND attempts = 0
            AND occasion IN (\(NotificationOccasion.allCases.filter(\.asksForSomebody).map { "'\($0.rawValue)'" }
                .joined(separator: ", ")))
        """

    /// What is not as the change expects it, as after a repeat, stays as it is.
    static func apply(_ change: NotificationChange, at now: Milliseconds, _ db: Database) throws {
        switch change {
        case .sent(let id, let time):
            try update(
                id, "state = 'sent', sent_ms = ?, first_sent_ms = coalesce(first_sent_ms, sent_ms, ?)",
                [time, time], db)
        case .delivered(let id, let time):
            try update(
                id, "state = 'delivered', delivered_ms = ?, attempts = attempts + 1, last_error = NULL",
                [time], db)
            try tookAnyway(id, at: time, db)
        case .retry(let id, let due, let error):
            let set = "state = 'queued', due_ms = ?, attempts = attempts + 1, last_error = ?, sent_ms = NULL"
            try update(id, set, [due, error], db)
        case .failed(let id, let time, let error):
            let set =
                "state = 'failed', failed_ms = ?, attempts = attempts + 1, last_error = ?, sent_ms = NULL"
            try update(id, set, [time, error], db)
        case .postponed(let ids, let until):
            for id in ids { try update(id, "due_ms = ?", [until], db) }
        case .held(let ids, let until):
            for id in ids { try update(id, "due_ms = ?, held = 1", [until], db) }
        case .folded(let ids, let receiver, let priority, let why):
            try fold(ids, receiver, priority, why, at: now, db)
        }
    }

    /// It went out in the moment in which an operator took the alert.
    private static func tookAnyway(_ id: Int64, at time: Milliseconds, _ db: Database) throws {
        let sql = """
            UPDATE notification SET state = 'acknowledged', delivered_ms = ?, attempts = attempts + 1
            WHERE id = ? AND state = 'spared'
            """
        try db.cachedStatement(sql: sql).execute(arguments: [time, id])
    }

    private static func update(
        _ id: Int64, _ set: String, _ values: [(any DatabaseValueConvertible)?], _ db: Database
    ) throws {
        let sql = "UPDATE notification SET \(set) WHERE id = ? AND state IN ('queued', 'sent')"
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(values) + [id])
    }

    private static func fold(
        _ ids: [Int64], _ receiver: String, _ priority: AlertPriority, _ why: DigestReason,
        at now: Milliseconds, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO notification(receiver, occasion, priority, state, queued_ms, due_ms)
                VALUES (?, ?, ?, 'queued', ?, ?)
                """
        ).execute(arguments: [receiver, why.rawValue, priority.rawValue, now, now])
        let digest = db.lastInsertedRowID
        for id in ids { try update(id, "state = 'digested', digest = ?", [digest], db) }
    }
}
