import Foundation
import GRDB
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Store

private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
/// 2026-01-05 00:00 in Huế, the begin of an hour.
private let midnight: Milliseconds = 1_767_546_000_000

/// The journal of a small store, rewritten by series.
@Suite("The journal, rewritten by series")
struct CompactorTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open() throws -> Store { try Store(directory: directory.path, zone: zone) }

    private func register(_ store: Store) throws -> Registry {
        let measurements = ["level", "flow"].map {
            Measurement(name: $0, title: Title(vi: $0, en: $0), unit: "m", kind: .gauge)
        }
        let profile = DeviceProfile(
            domain: "test", name: "gauge", title: Title(vi: "", en: ""), topics: [], cadence: Span.minute,
            measurements: measurements, wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
        let devices = (0..<3).map {
            Device(
                key: "d\($0)", profileIndex: 0, domain: "test", name: Title(vi: "Trạm", en: "Station"),
                ward: "_",
                latitude: 16.4, longitude: 107.5, cadence: Span.minute)
        }
        return try store.register(profiles: [profile], devices: devices)
    }

    /// A commit of three devices, each with both measurements; the state tables know of it at once.
    private func commit(_ number: Int, at: Milliseconds, _ registry: Registry, _ writer: BatchWriter) throws {
        var batch = Batch()
        batch.at = at
        batch.closedThrough = at - at % Span.minute
        for (device, id) in registry.deviceIDs.enumerated() {
            let time = at - Int64(device) * 700
            batch.messages.append(
                AcceptedMessage(
                    device: id, sequence: Int64(number), fingerprint: 0, arrival: at, newestTime: time))
            batch.readings += registry.seriesIDs[device].map {
                Reading(series: $0, time: time, value: Double(number) / 10 + Double(device))
            }
        }
        batch.checkpoint = Checkpoint()
        try writer.write(batch)
    }

    private func writer(_ store: Store) throws -> BatchWriter {
        try BatchWriter(store: store, acknowledgementLimit: 10, quarantineRows: 10, quarantineBytes: 1_000)
    }

    /// - Returns: the store with a commit every so often from midnight on.
    private func filled(_ commits: Int, every step: Milliseconds = 10_000) throws -> Store {
        let store = try open()
        let registry = try register(store)
        let writer = try writer(store)
        for number in 0..<commits {
            try commit(number, at: midnight + Int64(number) * step + 250, registry, writer)
        }
        return store
    }

    private struct Row: Equatable {
        var id: Int64
        var from: Milliseconds
        var to: Milliseconds
        var messages: Int
        var readings: Int
        var isCompact: Bool
    }

    private func rows(_ store: Store) throws -> [Row] {
        try store.pool.read { db in
            try GRDB.Row.fetchAll(db, sql: "SELECT * FROM journal ORDER BY id").map {
                let block: Data = $0["block"]
                return Row(
                    id: $0["id"], from: $0["from_ms"], to: $0["to_ms"], messages: $0["messages"],
                    readings: $0["readings"], isCompact: block.first == CompactBlock.version)
            }
        }
    }

    private func readings(_ store: Store) throws -> [String: [String]] {
        let names = (0..<3).flatMap { ["d\($0)/level", "d\($0)/flow"] }
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try store.reader.readings($0, from: 0, to: .max, limit: 100_000).map { "\($0)" })
            })
    }

    private func compact(_ store: Store, now: Milliseconds = .max) throws -> [Compactor.Step] {
        let compactor = Compactor(store: store)
        var steps: [Compactor.Step] = []
        while case let step = try compactor.step(now: now), step != .nothing { steps.append(step) }
        return steps
    }

    @Test("has a row for each hour that is over, with the same readings of each series")
    func hours() throws {
        let store = try filled(800)
        let before = try readings(store)
        #expect(try compact(store) == [.rewritten(1...360), .rewritten(361...720), .rewritten(721...798)])
        let rows = try rows(store)
        #expect(rows.prefix(3).map(\.id) == [360, 720, 798])
        #expect(rows.prefix(3).map(\.messages) == [1_080, 1_080, 234])
        #expect(rows.prefix(3).map(\.readings) == [2_160, 2_160, 468])
        #expect(rows[0].from == midnight + 250 - 1_400 && rows[0].to == midnight + 3_590_250)
        // The minute of the last commits is open: they are what a start needs.
        #expect(rows.map(\.isCompact) == [true, true, true, false, false])
        #expect(try readings(store) == before)
        #expect(before["d2/flow"]?.count == 800)
        #expect(try compact(store).isEmpty)
    }

    @Test("leaves commits alone until they are ten minutes old and their hour is over")
    func patience() throws {
        let store = try filled(400)
        let last = midnight + 3_590_250
        #expect(try compact(store, now: last + Compactor.age - 1).isEmpty)
        #expect(try compact(store, now: last + Compactor.age) == [.rewritten(1...360)])
        #expect(try compact(store, now: midnight + 100 * Span.minute).isEmpty)
        // However many an hour has: what may go together goes at once.
        #expect(try compact(store, now: midnight + 130 * Span.minute) == [.rewritten(361...396)])
    }

    @Test(
        "rewrites as many commits as may go together at once, and makes one row of them when their hour is over"
    )
    func parts() throws {
        let store = try filled(2_200, every: 1_000)
        let before = try readings(store)
        #expect(try compact(store, now: midnight + 50 * Span.minute) == [.rewritten(1...2_048)])
        #expect(
            try compact(store, now: midnight + 70 * Span.minute)
                == [.rewritten(2_049...2_160), .rewritten(2_048...2_160)])
        let rows = try rows(store)
        #expect(rows.map(\.id) == [2_160] + Array(2_161...2_200))
        #expect(rows[0].messages == 2_160 * 3 && rows[0].readings == 2_160 * 6)
        #expect(try readings(store) == before)
    }

    @Test("leaves what a start reads as it is")
    func recovery() throws {
        let store = try filled(700)
        let registry = try register(store)
        // Since the last checkpoint, which is of commit 700.
        let writer = try writer(store)
        for number in 700..<704 {
            var batch = Batch()
            batch.at = midnight + 8_000_000 + Int64(number)
            batch.closedThrough = midnight + 7_980_000
            batch.messages = [
                AcceptedMessage(
                    device: registry.deviceIDs[0], sequence: -1, fingerprint: UInt64(number),
                    arrival: batch.at,
                    newestTime: midnight)
            ]
            // Late ones, of a minute long closed.
            batch.readings = [
                Reading(series: registry.seriesIDs[0][0], time: midnight + Int64(number), value: 1)
            ]
            try writer.write(batch)
        }
        func open() throws -> [String] {
            var blocks: [String] = []
            try store.forEachOpenBlock(since: store.position()) { blocks.append("\($0) \($1) \($2)") }
            return blocks
        }
        let before = try open()
        #expect(before.count == 4)
        #expect(try compact(store).count == 2)
        #expect(try open() == before)
    }

    private struct Pair {
        /// Of a device that numbers its messages, and of one that does not.
        var numbered: AcceptedMessage
        var other: AcceptedMessage
        var time: Milliseconds

        init(_ number: Int, _ registry: Registry) {
            time = midnight + Int64(number) * 10_000
            numbered = AcceptedMessage(
                device: registry.deviceIDs[0], sequence: Int64(number), fingerprint: 0, arrival: time,
                newestTime: time)
            other = AcceptedMessage(
                device: registry.deviceIDs[1], sequence: -1, fingerprint: UInt64(number) * 31 + 7,
                arrival: time,
                newestTime: time)
        }
    }

    /// - Returns: the registry of a store that has taken 400 pairs, was rewritten, and is closed.
    private func taken() throws -> Registry {
        let store = try open()
        let registry = try register(store)
        let writer = try writer(store)
        var devices = Array(repeating: DeviceState(), count: 2)
        var series = SeriesState()
        for number in 0..<400 {
            let pair = Pair(number, registry)
            var batch = Batch()
            batch.at = pair.time
            batch.closedThrough = pair.time + Span.day
            batch.messages = [pair.numbered, pair.other]
            for (index, message) in batch.messages.enumerated() { _ = devices[index].admit(message) }
            batch.readings = [Reading(series: registry.seriesIDs[1][0], time: pair.time, value: 1)]
            series.newest = batch.readings[0]
            _ = series.recent.admit(pair.time)
            var checkpoint = Checkpoint()
            checkpoint.devices = Array(zip(registry.deviceIDs, devices))
            checkpoint.series.append(registry.seriesIDs[1][0], series)
            batch.checkpoint = checkpoint
            try writer.write(batch)
        }
        #expect(try compact(store).count == 2)
        #expect(try rows(store).map(\.isCompact) == [true, true])
        try store.close()
        return registry
    }

    @Test("repeats are recognised as before: what tells them lies in the state of device and series")
    func repeats() throws {
        let registry = try taken()
        var checkpoint = try open().checkpoint()
        var series = Array(checkpoint.series.all)[0].state
        for number in 0..<400 {
            let pair = Pair(number, registry)
            let isNew = checkpoint.devices[0].state.admit(pair.numbered)
            #expect(!isNew, "\(number)")
            // Of those without a number the last 64 are told by their bytes, and the last 16 by their times.
            guard number >= 400 - 16 else { continue }
            let isOther = checkpoint.devices[1].state.admit(pair.other)
            let isTime = series.recent.admit(pair.time)
            #expect(!isOther && !isTime, "\(number)")
        }
    }

    @Test("tells rules the same history, second by second")
    func history() throws {
        let store = try filled(500)
        func told(_ range: Range<Milliseconds>) throws -> [String] {
            var told: [String] = []
            try store.reader.forEachCommit(in: range) { messages, readings, at in
                let heard = messages.map { "\($0.device.rawValue)" }.joined(separator: ",")
                let came = readings.map { "\($0.series.rawValue)@\($0.time)=\($0.value)" }.sorted()
                told.append("\(at / 1_000): \(heard); \(came.joined(separator: " "))")
            }
            return told
        }
        let before = try (told(0..<(.max)), told(midnight + 400_000..<midnight + 3_800_000))
        let oldest = try #require(try store.reader.oldestCommit())
        _ = try compact(store)
        #expect(try told(0..<(.max)) == before.0)
        #expect(try told(midnight + 400_000..<midnight + 3_800_000) == before.1)
        // A replay that begins with the oldest commit leaves none out.
        let begin = try #require(try store.reader.oldestCommit())
        #expect(begin == oldest)
        #expect(try told(begin..<begin + 5_000).count == 1)
    }

    @Test("is exchanged whole or not at all")
    func atomic() throws {
        let store = try filled(400)
        let before = try (rows(store), readings(store))
        try store.pool.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT raise(ABORT, 'disk full'); END;
                    """)
        }
        #expect(throws: (any Error).self) { _ = try compact(store) }
        #expect(try rows(store) == before.0)
        try store.pool.write { db in try db.execute(sql: "DROP TRIGGER full") }
        #expect(try compact(store).count == 2)
        #expect(try readings(store) == before.1)
    }

    @Test("leaves a row that cannot be read where it is, says so, and goes on around it")
    func unreadable() throws {
        let store = try filled(400)
        try store.pool.write { db in
            try db.execute(sql: "UPDATE journal SET block = zeroblob(length(block)) WHERE id = 100")
        }
        let compactor = Compactor(store: store)
        var steps: [Compactor.Step] = []
        while case let step = try compactor.step(now: .max), step != .nothing { steps.append(step) }
        #expect(
            steps == [.unreadable(100), .rewritten(1...99), .rewritten(101...360), .rewritten(361...396)])
        let unreadable = compactor.counters.unreadable.load(ordering: .relaxed)
        let counted = compactor.counters.readings.load(ordering: .relaxed)
        #expect(unreadable == 1 && counted == 395 * 6)
        #expect(try rows(store).contains { $0.id == 100 })
        // After a new start it is met once more, where parts of its hour might go together.
        #expect(try compact(store) == [.unreadable(100)])
        #expect(throws: StoreError.self) {
            try store.reader.readings("d0/level", from: 0, to: .max, limit: 1)
        }
        #expect(
            try store.reader.readings("d0/level", from: midnight + 2_000_000, to: .max, limit: 1).count == 1)
    }

    @Test("a row of which a byte was turned is told as damage, by its id")
    func damaged() throws {
        let store = try filled(400)
        _ = try compact(store)
        try store.pool.write { db in
            let block = try Data.fetchOne(db, sql: "SELECT block FROM journal WHERE id = 360")!
            var damaged = block
            damaged[block.count / 2] ^= 1
            try db.execute(sql: "UPDATE journal SET block = ? WHERE id = 360", arguments: [damaged])
        }
        #expect {
            try store.reader.forEachCommit(in: 0..<(.max)) { _, _, _ in }
        } throws: {
            "\($0)".contains("journal block 360 cannot be read")
        }
    }

    @Test("signs of life without readings stay as long as readings do")
    func signsOfLife() throws {
        let store = try open()
        let registry = try register(store)
        let writer = try writer(store)
        for number in 0..<3 {
            var batch = Batch()
            batch.at = midnight + Int64(number) * Span.minute
            batch.closedThrough = batch.at
            batch.messages = [
                AcceptedMessage(
                    device: registry.deviceIDs[0], sequence: -1, fingerprint: 0, arrival: batch.at,
                    newestTime: .min)
            ]
            batch.checkpoint = Checkpoint()
            try writer.write(batch)
        }
        func heard() throws -> Int {
            var count = 0
            try store.reader.forEachCommit(in: 0..<(.max)) { messages, _, _ in count += messages.count }
            return count
        }
        func purge(_ now: Milliseconds) throws {
            while try store.purge(now: now, raw: Span.day, rollups: [:]) > 0 {}
        }
        try purge(midnight + Span.hour)
        #expect(try heard() == 3)
        #expect(try compact(store) == [.rewritten(1...3)])
        try purge(midnight + Span.day)
        #expect(try heard() == 3)
        try purge(midnight + 2 * Span.day)
        #expect(try heard() == 0)
    }
}
