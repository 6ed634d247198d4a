import Foundation
import GRDB
import Telemetry
import TestSupport
import Testing

@testable import Store

private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
/// 2026-01-05 00:00 in Huế.
private let midnight: Milliseconds = 1_767_546_000_000

@Suite("Store")
struct StoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open() throws -> Store { try Store(directory: directory.path, zone: zone) }

    private func writer(_ store: Store) throws -> BatchWriter {
        try BatchWriter(
            store: store, acknowledgementLimit: 1_000, quarantineRows: 100, quarantineBytes: 1 << 20)
    }

    private func register(_ store: Store) throws -> Registry {
        let level = Measurement(name: "level", title: Title(vi: "Mức", en: "Level"), unit: "m", kind: .gauge)
        let profile = DeviceProfile(
            domain: "test", name: "gauge", title: Title(vi: "", en: ""),
            topics: [try TopicTemplate("t/{device}")],
            cadence: Span.minute, measurements: [level], wire: Wire(form: .scalar),
            format: .scalar(Kept(RecordPlan())))
        let device = Device(
            key: "a", profileIndex: 0, domain: "test", name: Title(vi: "Trạm A", en: "Station A"),
            ward: "kim-long",
            latitude: 16.4, longitude: 107.5, cadence: Span.minute)
        return try store.register(profiles: [profile], devices: [device])
    }

    private func rollup(
        _ series: SeriesID, _ tier: Tier, _ values: [Double], at start: Milliseconds = midnight
    ) -> Rollup {
        var sum = Accumulator()
        for (index, value) in values.enumerated() {
            sum.add(Reading(series: series, time: start + Int64(index), value: value), kind: .gauge)
        }
        return Rollup(series: series, tier: tier, start: start, accumulator: sum)
    }

    @Test("runs with synchronous=FULL and a write-ahead log")
    func durable() throws {
        let store = try open()
        try store.pool.writeWithoutTransaction { db in
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
            #expect(synchronous == 2)
            #expect(mode == "wal")
        }
    }

    @Test("gives a device and its series the same ids for good")
    func stableIDs() throws {
        let first = try register(try open())
        let again = try register(try open())
        #expect(first.deviceIDs == again.deviceIDs)
        #expect(first.seriesIDs == again.seriesIDs)
    }

    @Test(
        "gives a new device the next id however often the others were registered, and keeps retired series' shapes"
    )
    func denseIDs() throws {
        let store = try open()
        var registry = try register(store)
        for _ in 0..<5 { registry = try register(store) }
        var second = registry.devices[0]
        second.key = "b"
        let more = try store.register(profiles: registry.profiles, devices: [registry.devices[0], second])
        #expect(more.deviceIDs[1].index == more.deviceIDs[0].index + 1)
        #expect(more.seriesIDs[1][0].index == more.seriesIDs[0][0].index + 1)
        let fewer = try register(store)
        #expect(fewer.series.count == more.series.count)
        #expect(fewer.series[more.seriesIDs[1][0].index] == nil)
        #expect(fewer.shapes[more.seriesIDs[1][0].index] == SeriesShape(kind: .gauge))
    }

    @Test("merges a late part into a stored window and raises its revision")
    func amend() throws {
        let store = try open()
        let series = try register(store).seriesIDs[0][0]
        let writer = try writer(store)
        var batch = Batch()
        batch.rollups = [rollup(series, .minute, [1, 2])]
        try writer.write(batch)
        batch = Batch()
        batch.amendments = [rollup(series, .minute, [9])]
        try writer.write(batch)
        let rows = try store.reader.rollups(
            "a/level", tier: .minute, from: midnight, to: midnight + 1, limit: 10)
        #expect(rows.count == 1)
        #expect(rows.first?.count == 3)
        #expect(rows.first?.max == 9)
        #expect(rows.first?.sum == 12)
        #expect(rows.first?.revision == 1)
        #expect(rows.first?.startLocal == "2026-01-05 00:00:00")
    }

    @Test("shows no quantile outside what was measured")
    func quantiles() throws {
        let store = try open()
        let series = try register(store).seriesIDs[0][0]
        var sketch = QuantileSketch()
        sketch.add(38.48)
        let only = Rollup(
            series: series, tier: .minute, start: midnight,
            accumulator: rollup(series, .minute, [38.48]).accumulator, detail: .quantiles(sketch))
        var batch = Batch()
        batch.rollups = [only]
        try writer(store).write(batch)
        let row = try store.reader.rollups(
            "a/level", tier: .minute, from: midnight, to: midnight + 1, limit: 1
        ).first
        #expect(row?.p50 == 38.48)
        #expect(row?.p95 == 38.48)
    }

    @Test("writes a batch whole or not at all")
    func atomic() throws {
        let store = try open()
        let series = try register(store).seriesIDs[0][0]
        let writer = try writer(store)
        var batch = Batch()
        batch.readings = [Reading(series: series, time: midnight, value: 1)]
        batch.losses[LossKey(source: "mqtt-qos1", domain: "test")] = LossCounters()
        try store.pool.write { db in try db.execute(sql: "ALTER TABLE loss RENAME TO away") }
        #expect(throws: (any Error).self) { try writer.write(batch) }
        try store.pool.write { db in try db.execute(sql: "ALTER TABLE away RENAME TO loss") }
        #expect(try store.reader.readings("a/level", from: 0, to: .max, limit: 10).isEmpty)
        try writer.write(batch)
        #expect(try store.reader.readings("a/level", from: 0, to: .max, limit: 10).map(\.value) == [1])
    }

    @Test("forgets acknowledgements when a session is lost: the next one gives the packet ids again")
    func newSession() throws {
        let store = try open()
        let writer = try writer(store)
        for packet in 1...3 as ClosedRange<UInt16> {
            var batch = Batch()
            batch.acknowledgements = [Acknowledgement(packet: packet, high: 1, low: 1)]
            if packet == 3 { batch.gaps = [Gap(kind: .sessionLost, from: 1, to: 2)] }
            try writer.write(batch)
        }
        #expect(try store.acknowledgementHistory().map(\.packet) == [3])
    }

    @Test("drops that the broker goes on telling of are one gap, and all of them are counted")
    func gaps() throws {
        let store = try open()
        let writer = try writer(store)
        for number in 0..<150 as Range<Int64> {
            var batch = Batch()
            // After the hundredth there is a rest.
            let from = number < 100 ? number : number + 7
            batch.gaps = [Gap(kind: .brokerDropped, from: from, to: from + 1, count: 2)]
            if number == 50 { batch.gaps.append(Gap(kind: .sessionLost, from: 3, to: 51)) }
            try writer.write(batch)
        }
        let gaps = try store.reader.gaps()
        #expect(gaps.map(\.fromMs) == [107, 3, 0])
        #expect(gaps.map(\.toMs) == [157, 51, 100])
        #expect(gaps.map(\.count) == [100, 0, 200])
        #expect(try store.reader.droppedByBroker() == 300)
    }

    @Test("gives back the newest windows of a series, however old they are, and those shortly before")
    func newestRollups() throws {
        let store = try open()
        let series = try register(store).seriesIDs[0][0]
        var batch = Batch()
        for minute in [0, 3, 5, 6] as [Int64] {
            batch.rollups.append(rollup(series, .minute, [1], at: midnight + minute * Span.minute))
        }
        batch.closedThrough = midnight + 30 * Span.day
        try writer(store).write(batch)
        var starts: [Milliseconds] = []
        let wanted = [(series: series, length: 3 * Span.minute), (SeriesID(900), Span.minute)]
        try store.forEachNewestRollup(.minute, of: wanted) { starts.append($0.start - midnight) }
        #expect(starts == [5 * Span.minute, 6 * Span.minute])
    }

    @Test("records a transition once however often it is written")
    func alerts() throws {
        let store = try open()
        let writer = try writer(store)
        let raised = AlertEvent(
            identity: AlertIdentity(rule: "R", scope: "a", onset: midnight), domain: "test", ward: "kim-long",
            priority: .high, from: .normal, to: .unacknowledged, at: midnight + 1, cause: .condition,
            value: 7, limit: 5,
            summary: Title(vi: "cao", en: "high"))
        var acknowledged = raised
        acknowledged.from = .unacknowledged
        acknowledged.to = .acknowledged
        acknowledged.cause = .acknowledge
        acknowledged.value = nil
        acknowledged.limit = nil
        acknowledged.operatorName = "ca trực"
        var batch = Batch()
        batch.alertEvents = [raised, acknowledged]
        try writer.write(batch)
        let open = try store.reader.alerts(isOpen: true)
        #expect(open.map(\.state) == ["acknowledged"])
        #expect(open.first?.value == 7)
        #expect(open.first?.acknowledgedBy == "ca trực")
        #expect(
            try store.reader.alertEvents(after: 0, limit: 10).map(\.toState) == [
                "unacknowledged", "acknowledged",
            ])
        #expect(try store.reader.alertEvents(after: 1, limit: 10).count == 1)
        var takenBack = acknowledged
        takenBack.from = .acknowledged
        takenBack.to = .unacknowledged
        takenBack.cause = .unacknowledge
        batch.alertEvents = [takenBack]
        try writer.write(batch)
        #expect(try store.reader.alerts(isOpen: true).first?.acknowledgedBy == nil)
    }

    @Test(
        "an alert that is to be taken again is nobody's, whatever made it so",
        arguments: [
            (.latched, .condition), (.shelved, .shelfEnded), (.outOfService, .putIntoService),
            (.acknowledged, .acknowledgementAged),
        ] as [(AlertState, AlertCause)])
    func takenAgain(from: AlertState, cause: AlertCause) throws {
        let store = try open()
        var acknowledged = AlertEvent(
            identity: AlertIdentity(rule: "R", scope: "a", onset: midnight), domain: "test", ward: "kim-long",
            priority: .high, from: .unacknowledged, to: .acknowledged, at: midnight + 1, cause: .acknowledge,
            summary: Title(vi: "cao", en: "high"))
        acknowledged.operatorName = "ca trực"
        var again = acknowledged
        again.from = from
        again.to = .unacknowledged
        again.cause = cause
        again.operatorName = cause == .putIntoService ? "Minh" : nil
        var batch = Batch()
        batch.alertEvents = [acknowledged, again]
        try writer(store).write(batch)
        let alert = try #require(try store.reader.alerts(isOpen: true).first)
        #expect(alert.acknowledgedBy == nil && alert.acknowledgedMs == nil)
    }

    /// A rule that is taken out of service without an alert, at midnight.
    private var outOfService: AlertEvent {
        AlertEvent(
            identity: AlertIdentity(rule: "R", scope: "a", onset: midnight), domain: "test", ward: "kim-long",
            priority: .high, from: .normal, to: .outOfService, at: midnight, cause: .takenOutOfService,
            summary: Title(vi: "cao", en: "high"), operatorName: "Minh", comment: "x")
    }

    @Test("an alert that came up while its rule was out of service is as old as it is, and the same row")
    func backInService() throws {
        let store = try open()
        let onset = midnight + 3 * Span.day
        var back = outOfService
        back.identity.onset = onset
        back.from = .outOfService
        back.to = .unacknowledged
        back.at = onset + Span.hour
        back.cause = .putIntoService
        back.raised = onset + Span.minute
        var batch = Batch()
        batch.alertEvents = [outOfService, back]
        try writer(store).write(batch)
        let alerts = try store.reader.alerts(isOpen: false)
        #expect(alerts.map(\.state) == ["unacknowledged"])
        #expect(alerts.first?.onsetMs == onset && alerts.first?.raisedMs == onset + Span.minute)
        #expect(try store.reader.history(ofAlert: 1).map(\.toState) == ["out-of-service", "unacknowledged"])
        #expect(try store.reader.staleAlerts(before: onset).isEmpty)
    }

    @Test("a rule out of service that is configured no longer is over, also if an alert has come up unseen")
    func retiredOutOfService() throws {
        let store = try open()
        var batch = Batch()
        batch.alertEvents = [outOfService]
        try writer(store).write(batch)
        let machine = AlertStateMachine(
            settled: .unacknowledged, holds: true, holdsSince: midnight + Span.hour,
            onset: midnight + Span.hour, veil: .outOfService)
        let state = AlertInstanceState(rule: "R", scope: "a", machine: machine, value: 9)
        #expect(try store.retire([state], at: midnight + Span.day) == 1)
        #expect(try store.reader.alerts(isOpen: false).map(\.state) == ["normal"])
    }

    @Test("gives a checkpoint back as it was written")
    func checkpoint() throws {
        let store = try open()
        let writer = try writer(store)
        var device = DeviceState()
        for sequence in 0..<70 as Range<Int64> {
            _ = device.admit(
                AcceptedMessage(
                    device: DeviceID(1), sequence: sequence, fingerprint: 0, arrival: midnight,
                    newestTime: midnight + sequence))
        }
        let series = SeriesState(newest: Reading(series: SeriesID(1), time: midnight, value: 5))
        var batch = Batch()
        var checkpoint = Checkpoint()
        checkpoint.devices = [(DeviceID(1), device)]
        checkpoint.series.append(SeriesID(1), series)
        batch.checkpoint = checkpoint
        batch.closedThrough = midnight
        try writer.write(batch)
        let stored = try store.checkpoint()
        #expect(stored.devices.first?.state == device)
        #expect(Array(stored.series.all).first?.state == series)
        #expect(try store.position().closedThrough == midnight)
    }

    @Test("refuses a second writer, a newer version and a file that is no database, each with its sentence")
    func refusals() throws {
        let store = try open()
        #expect(throws: StoreError.inUse(directory.path)) { _ = try open() }
        try store.pool.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')")
        }
        let path = Store.path(in: directory.path)
        #expect(throws: StoreError.newerVersion(path)) { _ = try StoreReader(directory: directory.path) }
        let other = try TemporaryDirectory()
        try Data("this is no database, it only looks like a file".utf8).write(
            to: URL(fileURLWithPath: Store.path(in: other.path)))
        #expect { _ = try Store(directory: other.path, zone: zone) } throws: { error in
            if case StoreError.corrupt = error { true } else { false }
        }
        #expect(throws: StoreError.missing(directory.path + "/nothing/ioc.sqlite")) {
            _ = try StoreReader(directory: directory.path + "/nothing")
        }
    }

    @Test("knows the filters it was subscribed to before and is no more, until they are wanted again")
    func subscriptions() throws {
        for (wanted, former) in [
            (["a/+", "b/+"], []), (["b/+", "c/+"], ["a/+"]), (["a/+"], ["b/+", "c/+"]),
        ] as [([String], [String])] {
            let store = try open()
            #expect(try store.note(subscriptions: wanted) == former)
            try store.close()
        }
    }

    @Test("deletes what is older than it need be kept, a little at a time, and nothing else")
    func retention() throws {
        let store = try open()
        let series = try register(store).seriesIDs[0][0]
        let writer = try writer(store)
        for day in 0..<4 as Range<Int64> {
            var batch = Batch()
            batch.readings = [Reading(series: series, time: midnight + day * Span.day, value: 1)]
            batch.rollups = [rollup(series, .minute, [1], at: midnight + day * Span.day)]
            try writer.write(batch)
        }
        let now = midnight + 4 * Span.day
        while try store.purge(now: now, raw: 2 * Span.day, rollups: [.minute: 3 * Span.day]) > 0 {}
        #expect(try store.reader.readings("a/level", from: 0, to: .max, limit: 10).count == 2)
        #expect(try store.reader.rollups("a/level", tier: .minute, from: 0, to: .max, limit: 10).count == 3)
    }

    @Test("can be read by a person through its views")
    func views() throws {
        let store = try open()
        let series = try register(store).seriesIDs[0][0]
        var batch = Batch()
        batch.rollups = Rollups(Tier.allCases.map { rollup(series, $0, [1, 3]) })
        try writer(store).write(batch)
        try store.pool.read { db in
            for tier in Tier.allCases {
                let row = try #require(try Row.fetchOne(db, sql: "SELECT * FROM v_rollup_\(tier.name)"))
                #expect(row["device"] == "a")
                #expect(row["ward"] == "kim-long")
                #expect(row["mean"] == 2.0)
            }
            let freshness = try String.fetchOne(db, sql: "SELECT freshness FROM v_device")
            #expect(freshness == "never-reported")
            for view in ["v_alert", "v_alert_history", "v_reject", "v_loss"] {
                _ = try Row.fetchAll(db, sql: "SELECT * FROM \(view)")
            }
        }
    }
}
