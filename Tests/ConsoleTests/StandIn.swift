import Store
import TestSupport

@testable import Console
@testable import Telemetry

/// 2026-01-05 00:00 in Huế: the clock of the tests.
let midnight: Milliseconds = 1_767_546_000_000

/// A real store in a directory of its own, written by a stand-in for the service.
actor StandIn {
    nonisolated let feed = AlertFeed()
    nonisolated let store: Store
    private let directory: TemporaryDirectory
    private let writer: BatchWriter
    private let registry: Registry
    private(set) var commands: [AlertCommand] = []
    private var refusal: ConsoleSources.Refusal?

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store(
            directory: directory.path, zone: ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
        )
        writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 100, quarantineBytes: 1 << 20)
        registry = try Self.register(store)
    }

    private static func register(_ store: Store) throws -> Registry {
        let title = Title(vi: "Mức", en: "Level")
        let profile = DeviceProfile(
            domain: "water", name: "gauge", title: title, topics: [try TopicTemplate("t/{device}")],
            cadence: Span.minute,
            measurements: [
                Measurement(name: "level", title: title, unit: "m", kind: .gauge, keepsQuantiles: true),
                Measurement(name: "flow", title: title, unit: "m3/s", kind: .gauge),
            ], wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
        let devices = [("a", "kim-long"), ("b", "phu-hoi")].map { key, ward in
            Device(
                key: key, profileIndex: 0, domain: "water",
                name: Title(vi: "Trạm \(key)", en: "Station \(key)"),
                ward: ward, latitude: 16.4, longitude: 107.5, cadence: Span.minute)
        }
        return try store.register(profiles: [profile], devices: devices)
    }

    func write(_ fill: @Sendable (inout Batch, Registry) -> Void) throws {
        var batch = Batch()
        batch.at = midnight
        fill(&batch, registry)
        try writer.write(batch)
        if !batch.alertEvents.isEmpty { feed.notify() }
    }

    /// Raises one alert per number; each is of its own onset.
    func raise(
        _ numbers: some Sequence<Int> & Sendable, domain: String = "water", ward: String = "kim-long",
        priority: AlertPriority = .high, summary: String = "cao"
    ) throws {
        try write { batch, _ in
            batch.alertEvents = numbers.map {
                AlertEvent(
                    identity: AlertIdentity(rule: "LevelHigh", scope: "a", onset: midnight + Int64($0)),
                    domain: domain, ward: ward, priority: priority, from: .normal, to: .unacknowledged,
                    at: midnight + Int64($0), cause: .condition, value: 7, limit: 5,
                    summary: Title(vi: summary, en: "high"))
            }
        }
    }

    func refuse(_ refusal: ConsoleSources.Refusal) { self.refusal = refusal }

    /// Does what the service would, if the alert is in the store.
    func carryOut(_ command: AlertCommand) -> Result<AlertEvent, ConsoleSources.Refusal> {
        commands.append(command)
        if let refusal { return .failure(refusal) }
        let from: AlertState = command.action == .acknowledge ? .unacknowledged : .acknowledged
        let event = AlertEvent(
            identity: command.identity, domain: "water", ward: "kim-long", priority: .high, from: from,
            to: from == .unacknowledged ? .acknowledged : .unacknowledged, at: midnight + 1_000,
            cause: command.action == .acknowledge ? .acknowledge : .unacknowledge, value: nil, limit: nil,
            summary: Title(vi: "cao", en: "high"), operatorName: command.operatorName,
            comment: command.comment)
        do {
            try write { batch, _ in batch.alertEvents = [event] }
        } catch {
            return .failure(.busy)
        }
        return .success(event)
    }

    func carryOut(_ change: RegimeSwitch) -> Result<RegimeSwitch, ConsoleSources.Refusal> {
        refusal.map { .failure($0) } ?? .success(change)
    }

    nonisolated func sources(isReady: Bool = true) -> ConsoleSources {
        ConsoleSources(
            reader: store.reader, feed: feed, status: { .sample }, metrics: { Metric.samples },
            isReady: { isReady }, command: { await self.carryOut($0) },
            switchRegime: { await self.carryOut($0) },
            handover: { "\($1.language) \($1.isPage) \($0.open.count)" },
            names: KnownNames(regimes: ["storm"], rules: ["LevelHigh"]) { rule in
                rule == "LevelHigh" ? ["station-a", "ward:kim-long"] : nil
            })
    }
}

extension StatusAnswer {
    static let sample = StatusAnswer(
        version: "1", startedMs: 1, nowMs: 2,
        broker: Broker(address: "mqtt://x", isConnected: false, fault: "refused"),
        safeUpToMs: 3, messagesPerSecond: 4, readingsPerSecond: .infinity, commits: 5, failedCommits: 0,
        lastCommitMs: 6, longestCommitMs: 6,
        storageFault: nil, devices: ["never-reported": 1, "aB": 2], openAlerts: ["high": 1], losses: [],
        gaps: [],
        databaseBytes: 7, walBytes: 8, rejectedByReason: ["too-large": 9],
        limits: [LimitAnswer("wal_bytes", bound: 5, used: 8, beyond: 1)],
        notifications: NotificationCounts(waiting: 3, troubled: 2, failed: 1))
}

extension Metric {
    static let samples = [
        Metric("ioc_messages_total", "Messages.", .counter, labels: [("source", "a\"b\\c\nd")], value: 3),
        Metric("ioc_up", "Up.", .gauge, value: 0.5),
        Metric("ioc_messages_total", "Messages.", .counter, labels: [("source", "e")], value: 4),
    ]
}
