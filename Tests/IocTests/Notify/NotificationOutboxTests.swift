import AsyncHTTPClient
import Foundation
import Logging
import Telemetry
import TestSupport
import Testing

@testable import Console
@testable import Pipeline
@testable import Store
@testable import ioc

/// 2026-01-05 00:00 in Huế.
private let midnight: Milliseconds = 1_767_546_000_000
private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)

/// A real store with the inbox of a drain thread, which the test itself plays.
private final class Plant {
    let directory: TemporaryDirectory
    private(set) var store: Store
    private var writer: BatchWriter
    private(set) var inbox = IntakeChannel(capacity: 64).deliveries
    private let secretFile: String

    init() throws {
        directory = try TemporaryDirectory()
        secretFile = directory.path + "/secret"
        try Data(("whsec_" + Data(repeating: 7, count: 32).base64EncodedString()).utf8)
            .write(to: URL(fileURLWithPath: secretFile))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secretFile)
        (store, writer) = try Self.open(directory)
    }

    private static func open(_ directory: TemporaryDirectory) throws -> (Store, BatchWriter) {
        let store = try Store(directory: directory.path + "/data", zone: zone)
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 10, quarantineBytes: 1 << 16)
        return (store, writer)
    }

    /// The service is killed: what was not committed is gone.
    func kill() throws {
        try store.close()
        inbox = IntakeChannel(capacity: 64).deliveries
        // The lock of the directory goes with the old store.
        store = try Store(directory: directory.path + "/other", zone: zone)
        writer = try BatchWriter(store: store, acknowledgementLimit: 1, quarantineRows: 1, quarantineBytes: 1)
        (store, writer) = try Self.open(directory)
    }

    func receiver(_ sink: HookSink, limit: NotificationLimit? = nil) -> Receiver {
        var receiver = Receiver(
            name: "duty",
            way: .webhook(url: "http://127.0.0.1:\(sink.port)/", secretFile: secretFile))
        receiver.limit = limit
        return receiver
    }

    func dispatcher(_ receiver: Receiver, at now: Milliseconds) -> NotificationDispatcher {
        NotificationDispatcher(
            receivers: [receiver], reader: store.reader, inbox: inbox, feed: AlertFeed(),
            writer: NotificationWriter(
                rules: [], wards: [], city: Title(vi: "Huế", en: "Huế"), zone: zone), zone: zone,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { now }, jitter: { 1 })
    }

    func outbox(_ receiver: Receiver, bound: WaitingBound = .standard) -> NotificationOutbox {
        outbox([receiver], bound: bound)
    }

    func outbox(_ receivers: [Receiver], bound: WaitingBound = .standard) -> NotificationOutbox {
        NotificationOutbox(
            receivers, reader: store.reader, inbox: inbox, zone: zone,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, bound: bound)
    }

    func raise(
        _ numbers: ClosedRange<Int64>, at now: Milliseconds, _ priority: AlertPriority = .high,
        to receiver: String = "duty"
    ) throws {
        var batch = Batch()
        batch.at = now
        batch.alertEvents = numbers.map {
            AlertEvent(
                identity: AlertIdentity(rule: "High", scope: "a", onset: $0), domain: "test", ward: "_",
                priority: priority, from: .normal, to: .unacknowledged, at: now, cause: .condition, value: 7,
                limit: 5, summary: Title(vi: "Nước dâng", en: "Water rises"))
        }
        batch.notifications = batch.alertEvents.indices.map {
            NotificationDraft(
                event: $0, receiver: receiver, occasion: .raised, priority: priority, due: now)
        }
        try writer.write(batch)
    }

    /// A commit of the drain thread.
    func commit(at now: Milliseconds) throws {
        var batch = Batch()
        batch.at = now
        batch.notificationChanges = inbox.take()
        try writer.write(batch)
        inbox.settle(batch.notificationChanges)
    }

    /// Rounds of the outbox at one moment, until nothing more goes.
    func run(_ outbox: NotificationOutbox, _ receiver: Receiver, at now: Milliseconds) async throws {
        let http = WebhookDelivery.client()
        let dispatcher = dispatcher(receiver, at: now)
        while true {
            let jobs = await outbox.jobs(at: now)
            for job in jobs { await outbox.end(job, await dispatcher.change(job, http)) }
            let changes = inbox.unsettled.count
            try commit(at: now)
            if jobs.isEmpty, changes == 0 { break }
        }
        try await http.shutdown()
    }

    var states: [String] { get throws { try store.reader.notifications().reversed().map(\.state) } }
}

@Suite("From the outbox to a receiver")
struct NotificationOutboxTests {
    private let plant: Plant

    init() throws { plant = try Plant() }

    private func text(_ post: HookSink.Post) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(post.body)) as? [String: Any])
    }

    @Test("a message that fails twice goes a third time, later each time, and is the same message")
    func retries() async throws {
        let sink = try HookSink(answers: [.init(503), .init(500, body: "broken")])
        let receiver = plant.receiver(sink)
        let outbox = plant.outbox(receiver)
        try plant.raise(1...1, at: midnight)
        try await plant.run(outbox, receiver, at: midnight)
        #expect(try plant.states == ["queued"])
        #expect(try plant.store.reader.notifications().first?.dueMs == midnight + 10_000)
        try await plant.run(outbox, receiver, at: midnight + 9_999)
        #expect(sink.received.count == 1)
        try await plant.run(outbox, receiver, at: midnight + 10_000)
        let waiting = try #require(try plant.store.reader.notifications().first)
        #expect(waiting.lastError == "HTTP 500 Internal Server Error: broken")
        #expect(waiting.dueMs == midnight + 30_000 && waiting.attempts == 2)
        try await plant.run(outbox, receiver, at: midnight + 30_000)
        #expect(try plant.states == ["delivered"])
        let posts = sink.received
        #expect(posts.count == 3)
        #expect(Set(posts.map(\.body)).count == 1)
        #expect(Set(posts.compactMap { $0.headers["webhook-id"] }) == ["ioc-1-\(midnight)"])
        let body = try text(posts[0])
        #expect(body["type"] as? String == "alert.raised")
        let alert = try #require((body["alerts"] as? [[String: Any]])?.first)
        #expect(alert["rule"] as? String == "High" && alert["summary_vi"] as? String == "Nước dâng")
    }

    @Test("the receiver's wish to be left alone is heard")
    func retryAfter() async throws {
        let sink = try HookSink(answers: [.init(429, ["Retry-After": "600"])])
        let receiver = plant.receiver(sink)
        try plant.raise(1...1, at: midnight)
        try await plant.run(plant.outbox(receiver), receiver, at: midnight)
        #expect(try plant.store.reader.notifications().first?.dueMs == midnight + 600_000)
    }

    @Test("what was handed over when the service was killed goes again under the same id")
    func killed() async throws {
        let sink = try HookSink()
        let receiver = plant.receiver(sink)
        try plant.raise(1...1, at: midnight)
        let outbox = plant.outbox(receiver)
        let job = try #require(await outbox.jobs(at: midnight).first)
        try plant.commit(at: midnight)
        #expect(try plant.states == ["sent"])
        // While it is on its way nobody takes it up again.
        #expect(await outbox.jobs(at: midnight + 1).isEmpty)
        let http = WebhookDelivery.client()
        let change = await plant.dispatcher(receiver, at: midnight).change(job, http)
        #expect(change == .delivered(1, at: midnight))
        try await http.shutdown()
        try plant.kill()
        try await plant.run(plant.outbox(receiver), receiver, at: midnight + 60_000)
        #expect(try plant.states == ["delivered"])
        #expect(sink.received.map { $0.headers["webhook-id"] } == ["ioc-1-\(midnight)", "ioc-1-\(midnight)"])
    }

    @Test(
        "beyond the limit many become one message that says how many, and everything ends delivered or in it")
    func digest() async throws {
        let sink = try HookSink()
        let receiver = plant.receiver(sink, limit: NotificationLimit(count: 3, span: Span.hour))
        let outbox = plant.outbox(receiver)
        try plant.raise(1...30, at: midnight)
        try await plant.run(outbox, receiver, at: midnight)
        #expect(sink.received.count == 3)
        // Also a service that was started anew knows how much the receiver had.
        try plant.kill()
        let next = plant.outbox(receiver)
        await next.takeUp(at: midnight + 60_000)
        try await plant.run(next, receiver, at: midnight + 60_000)
        #expect(sink.received.count == 3)
        try await plant.run(next, receiver, at: midnight + Span.hour)
        #expect(sink.received.count == 4)
        let body = try text(sink.received[3])
        #expect(body["type"] as? String == "alert.digest" && body["count"] as? Int == 27)
        #expect((body["alerts"] as? [Any])?.count == 10)
        #expect((body["text"] as? String)?.hasPrefix("27 cảnh báo") == true)
        #expect((body["text"] as? String)?.contains("và 17 cảnh báo khác") == true)
        let states = Dictionary(grouping: try plant.states) { $0 }.mapValues(\.count)
        #expect(states == ["delivered": 4, "digested": 27])
    }

    @Test("what is critical goes before more waiting messages than are looked at in one round")
    func urgentFirst() async throws {
        let receiver = plant.receiver(try HookSink())
        try plant.raise(1...250, at: midnight, .low)
        try plant.raise(251...251, at: midnight + 1, .critical)
        let jobs = await plant.outbox(receiver).jobs(at: midnight + 1)
        #expect(jobs.map(\.due.id) == [251, 1, 2, 3])
    }

    @Test("many messages that wait for a limited receiver keep no other from its own")
    func limitOfAnother() async throws {
        let sink = try HookSink()
        let limited = plant.receiver(sink, limit: NotificationLimit(count: 3, span: Span.hour))
        var other = plant.receiver(sink)
        other.name = "other"
        let outbox = plant.outbox([limited, other])
        try plant.raise(1...1_000, at: midnight, .critical)
        try plant.raise(1_001...1_001, at: midnight, .low, to: "other")
        let jobs = await outbox.jobs(at: midnight)
        #expect(jobs.map(\.receiver.name) == ["duty", "duty", "duty", "other"])
        try plant.commit(at: midnight)
        // All that waits for room is put off at once, not some of it each round.
        #expect(try plant.store.reader.dueNotifications(to: "duty", at: midnight, limit: 2_000).count == 3)
    }

    @Test("for a receiver that never answers no more wait than may, and the next message says what gave way")
    func crowd() async throws {
        let sink = try HookSink(answers: Array(repeating: .init(503), count: 26))
        let receiver = plant.receiver(sink)
        let outbox = plant.outbox(receiver, bound: WaitingBound(most: 20, kept: 15))
        try plant.raise(1...10, at: midnight)
        try await plant.run(outbox, receiver, at: midnight)
        try plant.raise(11...30, at: midnight + 1)
        try await plant.run(outbox, receiver, at: midnight + 1)
        // Fifteen, and the one that tells of the others.
        #expect(try plant.store.reader.waitingNotifications(to: "duty") == 16)
        #expect(try plant.store.reader.notifications(state: "digested").map(\.alert) == (1...15).reversed())
        try await plant.run(outbox, receiver, at: midnight + Span.hour)
        let bodies = try sink.received.map { try text($0) }
        let told = try #require(bodies.last { $0["type"] as? String == "alert.digest" })
        #expect(told["count"] as? Int == 15)
        let words = try #require(told["text"] as? String)
        #expect(words.hasPrefix("15 cảnh báo chưa báo được từng cái vì quá nhiều tin chờ gửi cho bạn:"))
        let states = Dictionary(grouping: try plant.states) { $0 }.mapValues(\.count)
        #expect(states == ["delivered": 16, "digested": 15])
        let listed = try plant.store.reader.notifications().first { $0.occasion == "crowd" }
        #expect(listed?.priority == "high")
    }

    @Test("what waits for a receiver that is gone has failed, with the reason")
    func gone() async throws {
        let sink = try HookSink()
        try plant.raise(1...1, at: midnight)
        var other = plant.receiver(sink)
        other.name = "somebody"
        await plant.outbox(other).takeUp(at: midnight)
        try plant.commit(at: midnight)
        #expect(try plant.states == ["failed"])
    }
}
