import Foundation
import GRDB
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Store

private let midnight: Milliseconds = 1_767_546_000_000

/// Each bound of the store, gone past: the oldest goes, it is counted, and the writer goes on.
@Suite("Limits of the store")
struct StoreLimitTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store(directory: directory.path, zone: .utc)
    }

    private func writer(acknowledgements: Int = 1_000, rows: Int = 1_000, bytes: Int = 1 << 20) throws
        -> BatchWriter
    {
        try BatchWriter(
            store: store, acknowledgementLimit: acknowledgements, quarantineRows: rows, quarantineBytes: bytes
        )
    }

    // MARK: Acknowledgements

    @Test("remembers acknowledgements in order, as many as it must and not many more, and counts the others")
    func acknowledgements() throws {
        let writer = try writer(acknowledgements: 25)
        for number in 0..<10 {
            var batch = Batch()
            batch.acknowledgements = (0..<10).map {
                Acknowledgement(packet: UInt16(number * 10 + $0), high: 1, low: 2)
            }
            try writer.write(batch)
        }
        let history = try store.acknowledgementHistory()
        #expect(history.map(\.packet) == Array(70..<100))
        let remembered = writer.counters.acknowledgements.load(ordering: .relaxed)
        let forgotten = writer.counters.forgottenAcknowledgements.load(ordering: .relaxed)
        #expect(remembered == 30)
        #expect(forgotten == 70)
    }

    // MARK: Quarantine

    private func reject(_ topic: String, bytes: Int, at second: Int, _ writer: BatchWriter) throws {
        var batch = Batch()
        batch.rejects = [
            RejectedMessage(
                topic: topic, reason: .notJSON, offset: 1, payload: Array(repeating: 0x7B, count: bytes),
                at: midnight + Int64(second) * 1_000)
        ]
        try writer.write(batch)
    }

    private struct Held: Equatable {
        var rows: Int64
        var bytes: Int64
        var tooMany: Int64 = 0
        var tooLarge: Int64 = 0
    }

    private func counted(_ writer: BatchWriter) -> Held {
        let counters = writer.counters
        return Held(
            rows: counters.quarantineRows.load(ordering: .relaxed),
            bytes: counters.quarantineBytes.load(ordering: .relaxed),
            tooMany: counters.evictedForRows.load(ordering: .relaxed),
            tooLarge: counters.evictedForBytes.load(ordering: .relaxed))
    }

    /// What the table holds, counted afresh.
    private func stored() throws -> Held {
        try store.pool.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT topic, payload FROM reject")
            let sizes = rows.map { row -> Int in
                let topic: String = row["topic"]
                let payload: Data = row["payload"]
                return topic.utf8.count + payload.count
            }
            return Held(rows: Int64(rows.count), bytes: Int64(sizes.reduce(0, +)))
        }
    }

    @Test("keeps one row per topic and reason in the quarantine, and not more rows than it may")
    func rows() throws {
        let writer = try writer(rows: 5)
        for number in 0..<20 { try reject("t/\(number % 10)", bytes: 1, at: number, writer) }
        let rows = try store.reader.rejects()
        #expect(rows.map(\.topic) == ["t/9", "t/8", "t/7", "t/6", "t/5"])
        #expect(rows.first?.payload == "{")
        #expect(counted(writer) == Held(rows: 5, bytes: 20, tooMany: 15))
    }

    @Test("keeps no more bytes than it may: the longest unseen rows go, and what is sent again stays")
    func bytes() throws {
        let writer = try writer(bytes: 1_000)
        for number in 0..<9 { try reject("ế\(number)", bytes: 96, at: number, writer) }
        #expect(counted(writer) == Held(rows: 9, bytes: 900))
        try reject("ế0", bytes: 196, at: 10, writer)
        #expect(counted(writer) == Held(rows: 9, bytes: 1_000))
        try reject("ế9", bytes: 1, at: 11, writer)
        #expect(counted(writer) == Held(rows: 9, bytes: 905, tooLarge: 1))
        #expect(try store.reader.rejects().last?.topic == "ế2")
        // One that is larger than all there may be: it goes too, last of all.
        try reject("huge", bytes: 1_000, at: 12, writer)
        #expect(counted(writer) == Held(rows: 0, bytes: 0, tooLarge: 11))
        try reject("next", bytes: 6, at: 13, writer)
        #expect(counted(writer) == Held(rows: 1, bytes: 10, tooLarge: 11))
        #expect(try stored() == Held(rows: 1, bytes: 10))
    }

    @Test(
        "adds up right whatever comes, is taken back or was there at the start",
        arguments: 1...10 as ClosedRange<UInt64>)
    func sums(seed: UInt64) throws {
        var state = seed
        func random(_ most: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % most
        }
        var writer = try writer(rows: 12, bytes: 3_000)
        for second in 0..<200 {
            switch random(20) {
            case 0: writer = try self.writer(rows: 4 + random(12), bytes: 500 + random(3_000))
            case 1:
                // A transaction that fails leaves the sums as they were.
                try store.pool.write { db in try db.execute(sql: "ALTER TABLE meta RENAME TO away") }
                #expect(throws: (any Error).self) {
                    try reject("t/\(random(20))", bytes: 9, at: second, writer)
                }
                try store.pool.write { db in try db.execute(sql: "ALTER TABLE away RENAME TO meta") }
            default: try reject("t/\(random(20))", bytes: random(400), at: second, writer)
            }
            var held = counted(writer)
            (held.tooMany, held.tooLarge) = (0, 0)
            #expect(try stored() == held, "seed \(seed), second \(second)")
        }
    }

    // MARK: Write-ahead log

    private func fill(_ writer: BatchWriter, batches: Int) throws {
        for number in 0..<batches {
            var batch = Batch()
            batch.readings = (0..<2_000).map { index in
                Reading(
                    series: SeriesID(UInt32(index)), time: midnight + Int64(number),
                    value: Double((index &* 2_654_435_761 ^ number) % 1_000_003))
            }
            try writer.write(batch)
        }
    }

    @Test(
        "says that the log is too large while a reader holds it, goes on writing, and empties it once the reader is gone"
    )
    func log() throws {
        let writer = try writer()
        let log = LogBound(store: store, limit: 1 << 20)
        let atFirst = try log.look()
        #expect(atFirst)
        // A person with a shell: another connection, in a read that stays.
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        let shell = try DatabaseQueue(path: Store.path(in: directory.path), configuration: configuration)
        try shell.inDatabase { db in
            try db.execute(sql: "BEGIN")
            let seen = try Int.fetchOne(db, sql: "SELECT count(*) FROM journal")
            #expect(seen == 0)
        }
        var batches = 0
        while log.bytes <= log.limit {
            try fill(writer, batches: 20)
            batches += 20
        }
        for _ in 0..<3 {
            let isWithin = try log.look()
            #expect(!isWithin)
            try fill(writer, batches: 5)
            batches += 5
        }
        let times = log.timesOver.load(ordering: .relaxed)
        #expect(times == 1)
        #expect(log.bytes > log.limit)
        try shell.inDatabase { db in
            let seen = try Int.fetchOne(db, sql: "SELECT count(*) FROM journal")
            #expect(seen == 0)
            try db.execute(sql: "COMMIT")
        }
        let afterwards = try log.look()
        #expect(afterwards)
        #expect(log.bytes == 0)
        try fill(writer, batches: 1)
        try store.pool.writeWithoutTransaction { db in
            let patience = try Int.fetchOne(db, sql: "PRAGMA busy_timeout")
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM journal")
            #expect(patience == Store.patience * 1_000)
            #expect(count == batches + 1)
        }
    }
}
