import GRDB
import Telemetry
import TestSupport
import Testing

@testable import Store

private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
/// 2026-01-05 00:00 in Huế.
private let midnight: Milliseconds = 1_767_546_000_000

@Suite("The outbox of notifications")
struct NotificationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A store that is opened, used and closed: what is in it then was durable.
    private func with<Result>(_ body: (Store, BatchWriter) throws -> Result) throws -> Result {
        let store = try Store(directory: directory.path, zone: zone)
        defer { try? store.close() }
        return try body(
            store,
            try BatchWriter(
                store: store, acknowledgementLimit: 1_000, quarantineRows: 100, quarantineBytes: 1 << 20))
    }

    private func event(
        _ number: Int64, _ to: AlertState = .unacknowledged, _ cause: AlertCause = .condition,
        by person: String? = nil
    ) -> AlertEvent {
        AlertEvent(
            identity: AlertIdentity(rule: "High", scope: "a", onset: number), domain: "test",
            ward: "kim-long",
            priority: .high, from: .normal, to: to, at: midnight, cause: cause, value: 7, limit: 5,
            summary: Title(vi: "cao", en: "high"), operatorName: person)
    }

    /// Raises alerts `numbers`, each told to duty, due at once.
    private func raise(_ numbers: ClosedRange<Int64>, _ writer: BatchWriter) throws {
        var batch = Batch()
        batch.at = midnight
        batch.alertEvents = numbers.map { event($0) }
        batch.notifications = batch.alertEvents.indices.map {
            NotificationDraft(event: $0, receiver: "duty", occasion: .raised, priority: .high, due: midnight)
        }
        try writer.write(batch)
    }

    private func change(_ changes: [NotificationChange], _ writer: BatchWriter) throws {
        var batch = Batch()
        batch.at = midnight
        batch.notificationChanges = changes
        #expect(!batch.isEmpty)
        try writer.write(batch)
    }

    private func act(_ events: [AlertEvent], at now: Milliseconds, _ writer: BatchWriter) throws {
        var batch = Batch()
        batch.at = now
        batch.alertEvents = events
        try writer.write(batch)
    }

    private func due(_ store: Store, at time: Milliseconds = midnight) throws -> [Int64] {
        try store.reader.dueNotifications(to: "duty", at: time, limit: 100).map(\.id)
    }

    @Test(
        "has what was queued with an event after any end of the service, and gives it until it is delivered")
    func survives() throws {
        try with { _, writer in try raise(1...1, writer) }
        try with { store, writer in
            #expect(try due(store) == [1])
            #expect(try due(store, at: midnight - 1) == [])
            try change([.sent(1, at: midnight + 5)], writer)
        }
        // It may have arrived, or not: nobody knows, so it goes again.
        try with { store, writer in
            #expect(try store.reader.notifications().first?.state == "sent")
            #expect(try due(store) == [1])
            try change([.delivered(1, at: midnight + 9)], writer)
        }
        try with { store, _ in
            let left = try due(store)
            #expect(left == [])
            let only = try #require(try store.reader.notifications().first)
            #expect(only.state == "delivered" && only.deliveredMs == midnight + 9 && only.attempts == 1)
            #expect(only.rule == "High" && only.device == "a" && only.alert == 1 && only.event == 1)
        }
    }

    @Test("loses neither the event nor the message when the transaction fails")
    func atomic() throws {
        try with { store, writer in
            try store.pool.write { db in try db.execute(sql: "ALTER TABLE notification RENAME TO away") }
            #expect(throws: (any Error).self) { try raise(1...1, writer) }
            try store.pool.write { db in try db.execute(sql: "ALTER TABLE away RENAME TO notification") }
            #expect(try store.reader.lastAlertEvent() == 0)
            try raise(1...1, writer)
            #expect(try due(store) == [1])
        }
    }

    @Test("tries again when it is time, with the reason, and gives up")
    func retries() throws {
        try with { store, writer in
            try raise(1...1, writer)
            try change([.sent(1, at: midnight), .retry(1, due: midnight + 10, error: "HTTP 503")], writer)
            #expect(try due(store) == [])
            let waiting = try #require(
                try store.reader.dueNotifications(to: "duty", at: midnight + 10, limit: 1).first)
            #expect(waiting.attempts == 1 && waiting.firstSentMs == midnight)
            #expect(try store.reader.notifications().first?.lastError == "HTTP 503")
            let counts = NotificationCounts(waiting: 1, troubled: 1, failed: 0)
            #expect(try store.reader.notificationCounts(since: midnight) == counts)
            try change(
                [.sent(1, at: midnight + 20), .failed(1, at: midnight + 30, error: "HTTP 500")], writer)
            #expect(try due(store, at: .max) == [])
            #expect(try store.reader.notificationCounts(since: midnight).failed == 1)
            #expect(try store.reader.notificationCounts(since: midnight + 31).failed == 0)
        }
    }

    @Test("folds what was held into one message, at once and for good")
    func digest() throws {
        try with { _, writer in
            try raise(1...12, writer)
            try change([.held(Array(1...12), until: midnight + 5)], writer)
            try change([.folded(Array(1...12), receiver: "duty", priority: .high)], writer)
        }
        try with { store, writer in
            let digest = try #require(
                try store.reader.dueNotifications(to: "duty", at: midnight, limit: 5).first)
            #expect(digest.id == 13 && digest.event == nil && digest.occasion == "digest")
            #expect(try store.reader.size(ofDigest: 13) == 12)
            #expect(try store.reader.events(of: digest, limit: 10).map(\.alert) == Array(1...10))
            #expect(try store.reader.notifications(state: "digested").allSatisfy { $0.digest == 13 })
            try change([.sent(13, at: midnight), .delivered(13, at: midnight)], writer)
        }
    }

    @Test(
        "says of what was delivered that an operator took it, by itself or in a digest, and of nothing else")
    func acknowledged() throws {
        try with { store, writer in
            try raise(1...4, writer)
            try change(
                [.delivered(1, at: midnight), .folded([2, 3], receiver: "duty", priority: .high)], writer)
            try change([.delivered(5, at: midnight)], writer)
            var batch = Batch()
            batch.at = midnight + 60
            batch.alertEvents = [1, 2, 4].map { event($0, .acknowledged, .acknowledge, by: "Lan") }
            try writer.write(batch)
            let states = try store.reader.notifications().reversed().map(\.state)
            #expect(states == ["acknowledged", "acknowledged", "digested", "spared", "delivered"])
            #expect(try store.reader.notifications().last?.acknowledgedMs == midnight + 60)
        }
    }

    @Test("calls nobody, when quiet hours end, to an alert that an operator has in hand by then")
    func spared() throws {
        try with { store, writer in
            try raise(1...5, writer)
            try change([.postponed([1, 2, 3, 4], until: midnight + 100)], writer)
            try change([.retry(5, due: midnight + 10, error: "HTTP 503")], writer)
            try act(
                [
                    event(1, .acknowledged, .acknowledge, by: "Lan"),
                    event(2, .shelved, .shelve, by: "Lan"), event(3, .acknowledged, .acknowledge, by: "Lan"),
                    event(5, .acknowledged, .acknowledge, by: "Lan"),
                ], at: midnight + 60, writer)
            try act([event(3, .unacknowledged, .unacknowledge, by: "Lan")], at: midnight + 70, writer)
            let states = try store.reader.notifications().reversed().map(\.state)
            // The last one has been tried: it may be there, and whoever got it is to get it once.
            #expect(states == ["spared", "spared", "queued", "queued", "queued"])
            #expect(try due(store, at: midnight + 100) == [5, 3, 4])
            #expect(try store.reader.notifications().last?.acknowledgedMs == midnight + 60)
        }
    }

    @Test("still tells that an alert is gone, whoever took it")
    func goneIsTold() throws {
        try with { store, writer in
            var batch = Batch()
            batch.at = midnight
            batch.alertEvents = [event(1, .returned, .conditionGone)]
            batch.notifications = [
                NotificationDraft(
                    event: 0, receiver: "duty", occasion: .returned, priority: .high, due: midnight + 100)
            ]
            try writer.write(batch)
            try act([event(1, .normal, .acknowledge, by: "Lan")], at: midnight + 60, writer)
            #expect(try due(store, at: midnight + 100) == [1])
        }
    }

    @Test("knows of a message that went out in the moment an operator took the alert that it arrived")
    func crossed() throws {
        try with { store, writer in
            try raise(1...1, writer)
            try act([event(1, .acknowledged, .acknowledge, by: "Lan")], at: midnight, writer)
            try change([.sent(1, at: midnight), .delivered(1, at: midnight + 5)], writer)
            let only = try #require(try store.reader.notifications().first)
            #expect(only.state == "acknowledged" && only.deliveredMs == midnight + 5)
        }
    }

    @Test("a delivery that is told of twice changes nothing")
    func repeated() throws {
        try with { store, writer in
            try raise(1...1, writer)
            try change([.delivered(1, at: midnight), .retry(1, due: midnight, error: "late")], writer)
            #expect(try store.reader.notifications().first?.state == "delivered")
        }
    }

    @Test("is looked up by an index, and forgets after a season what is settled")
    func bounded() throws {
        try with { store, writer in
            try raise(1...2, writer)
            try change([.delivered(1, at: midnight)], writer)
            let later = midnight + Store.notificationAge + 1
            while try store.purge(now: later, raw: Span.day, rollups: [:]) > 0 {}
            #expect(try store.reader.notifications().map(\.id) == [2])
            let plan = try store.pool.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        EXPLAIN QUERY PLAN SELECT id FROM (SELECT * FROM notification WHERE state IN ('queued', 'sent'))
                        WHERE receiver = 'x' AND due_ms <= 5 ORDER BY due_ms, id
                        """
                ).map { $0["detail"] as String }
            }
            #expect(plan.contains { $0.contains("notification_due") })
            _ = try store.pool.read { db in try Row.fetchAll(db, sql: "SELECT * FROM v_notification") }
        }
    }

    @Test("knows how much a receiver got lately, also after a restart")
    func quota() throws {
        try with { _, writer in
            try raise(1...3, writer)
            try change(
                [
                    .sent(1, at: midnight), .delivered(1, at: midnight), .sent(2, at: midnight + 9),
                    .retry(2, due: midnight, error: "x"), .sent(3, at: midnight + 8),
                ], writer)
        }
        try with { store, _ in
            let taken = try store.reader.handedOver(to: "duty", since: midnight - 1)
            #expect(taken == [1: midnight, 3: midnight + 8])
            #expect(try store.reader.waitingReceivers() == ["duty"])
        }
    }
}
