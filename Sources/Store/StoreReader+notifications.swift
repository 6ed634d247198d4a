import GRDB
package import Telemetry

/// A message to a receiver outside, and where it stands.
package struct NotificationAnswer: Answer {
    package var id: Int64
    package var receiver: String
    package var occasion: String
    package var state: String
    /// nil of a digest.
    package var alert: Int64?
    package var event: Int64?
    package var rule: String?
    package var device: String?
    package var domain: String?
    package var ward: String?
    package var priority: String
    package var attempts: Int64
    package var lastError: String?
    /// The message that tells of this one.
    package var digest: Int64?
    package var queuedMs: Int64
    package var dueMs: Int64
    package var sentMs: Int64?
    package var deliveredMs: Int64?
    package var acknowledgedMs: Int64?
    package var failedMs: Int64?
}

/// A message whose time has come, as whoever delivers it needs it.
package struct DueNotification: Answer {
    package var id: Int64
    package var occasion: String
    package var event: Int64?
    package var priority: String
    package var held: Bool
    package var attempts: Int64
    package var queuedMs: Int64
    package var firstSentMs: Int64?
}

/// What an operator should know of messages to receivers.
package struct NotificationCounts: Answer, Equatable {
    /// Not delivered yet, for whatever reason.
    package var waiting: Int64
    /// Of those, tried in vain so far.
    package var troubled: Int64
    /// Given up in the time that was asked for.
    package var failed: Int64

    package init(waiting: Int64, troubled: Int64, failed: Int64) {
        self.waiting = waiting
        self.troubled = troubled
        self.failed = failed
    }
}

extension StoreReader {
    /// The latest first.
    package func notifications(state: String? = nil, receiver: String? = nil, limit: Int = 100) throws
        -> [NotificationAnswer]
    {
        var query = Query("SELECT * FROM v_notification")
        query.match("state", state)
        query.match("receiver", receiver)
        return try fetch(query, order: "id DESC LIMIT \(limit)")
    }

    /// Those to `receiver` whose time has come: digests, then the most urgent, of these the oldest; handed over before a
    /// restart without an answer, too.
    package func dueNotifications(to receiver: String, at now: Milliseconds, limit: Int) throws
        -> [DueNotification]
    {
        var query = Query(
            """
            SELECT id, occasion, event, priority, held, attempts, queued_ms, first_sent_ms
            FROM (SELECT * FROM notification WHERE state IN ('queued', 'sent'))
            """)
        query.match("receiver", receiver)
        query.add("due_ms <= ?", now)
        return try fetch(
            query, order: "event IS NOT NULL, \(Self.urgency("priority")), due_ms, id LIMIT \(limit)")
    }

    /// For an order: the most urgent first.
    static func urgency(_ priority: String) -> String {
        "CASE \(priority) WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END"
    }

    /// How many wait for `receiver`, whether or not their time has come.
    package func waitingNotifications(to receiver: String) throws -> Int {
        try database.read { db in
            let select =
                "SELECT count(*) FROM notification WHERE state IN ('queued', 'sent') AND receiver = ?"
            return try Int.fetchOne(db, sql: select, arguments: [receiver])!
        }
    }

    /// What a message tells of, the most urgent first.
    package func events(of notification: DueNotification, limit: Int) throws -> [AlertEventAnswer] {
        var query = Query(Self.events)
        if let event = notification.event {
            query.add("e.id = ?", event)
            return try fetch(query, order: "e.id")
        }
        query.add("e.id IN (SELECT event FROM notification WHERE digest = ?)", notification.id)
        let order = """
            \(Self.urgency("a.priority")), e.id
            LIMIT \(limit)
            """
        return try fetch(query, order: order)
    }

    /// How many messages a digest tells of.
    package func size(ofDigest id: Int64) throws -> Int {
        try database.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM notification WHERE digest = ?", arguments: [id])
                ?? 0
        }
    }

    /// When which message was handed over to `receiver`, since a time.
    package func handedOver(to receiver: String, since: Milliseconds) throws -> [Int64: Milliseconds] {
        try database.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT id, sent_ms FROM notification WHERE receiver = ? AND sent_ms > ?",
                arguments: [receiver, since])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["id"], $0["sent_ms"]) })
        }
    }

    /// Receivers to whom messages wait.
    package func waitingReceivers() throws -> [String] {
        try database.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT DISTINCT receiver FROM notification WHERE state IN ('queued', 'sent') ORDER BY 1"
            )
        }
    }

    /// - Parameter since: failures before are history.
    package func notificationCounts(since: Milliseconds) throws -> NotificationCounts {
        try database.read { db in
            let select = """
                SELECT count(*) AS waiting, coalesce(sum(attempts > 0), 0) AS troubled,
                    (SELECT count(*) FROM notification WHERE failed_ms >= ?) AS failed
                FROM notification WHERE state IN ('queued', 'sent')
                """
            return try NotificationCounts.fetchOne(db, sql: select, arguments: [since])!
        }
    }
}
