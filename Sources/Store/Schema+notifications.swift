extension Schema {
    /// The outbox: what is to be told to receivers outside, queued in the transaction that records the alert's event.
    static let notifications = """
        -- A row without an alert is a digest; those that name it in `digest` are told of in it.
        CREATE TABLE notification(
            id INTEGER PRIMARY KEY AUTOINCREMENT, receiver TEXT NOT NULL, occasion TEXT NOT NULL, alert INTEGER,
            event INTEGER, priority TEXT NOT NULL, state TEXT NOT NULL, queued_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,
            first_sent_ms INTEGER, sent_ms INTEGER, delivered_ms INTEGER, acknowledged_ms INTEGER, failed_ms INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT, held INTEGER NOT NULL DEFAULT 0, digest INTEGER);
        CREATE INDEX notification_due ON notification(receiver, due_ms) WHERE state IN ('queued', 'sent');
        CREATE INDEX notification_alert ON notification(alert) WHERE state IN ('delivered', 'digested');
        CREATE INDEX notification_digest ON notification(digest) WHERE digest IS NOT NULL;
        CREATE INDEX notification_sent ON notification(receiver, sent_ms) WHERE sent_ms IS NOT NULL;
        CREATE INDEX notification_failed ON notification(failed_ms) WHERE failed_ms IS NOT NULL;
        """

    /// Those that an operator's act can spare, or call back.
    static let notificationsToSpare = """
        CREATE INDEX notification_spare ON notification(alert) WHERE state IN ('queued', 'spared');
        """

    static let notificationView = """
        CREATE VIEW v_notification AS
        SELECT n.id, n.receiver, n.occasion, n.state, n.alert, n.event, a.rule, a.scope AS device, a.domain, a.ward,
            n.priority, \(local("n.queued_ms")) AS queued_local, \(local("n.due_ms")) AS due_local,
            \(local("n.delivered_ms")) AS delivered_local, n.attempts, n.last_error, n.digest, n.queued_ms, n.due_ms,
            n.sent_ms, n.delivered_ms, n.acknowledged_ms, n.failed_ms
        FROM notification n LEFT JOIN alert a ON a.id = n.alert;
        """
}
