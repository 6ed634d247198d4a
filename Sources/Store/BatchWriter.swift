import Foundation
import GRDB
package import Telemetry

/// Writes each batch as one transaction with `synchronous=FULL`: when `write` returns, it is on the disk.
package final class BatchWriter: Sink {
    private let store: Store
    private let tables: [RollupTable]
    private let acknowledgementLimit: Int
    private let quarantineRows: Int
    private var nextBatch: Int64
    private var acknowledgementCount: Int

    /// - Parameters:
    ///   - acknowledgementLimit: messages remembered to recognise what the broker sends again.
    ///   - quarantineRows: rows of refused messages kept; the longest unseen go first.
    package init(store: Store, acknowledgementLimit: Int, quarantineRows: Int) throws {
        self.store = store
        self.acknowledgementLimit = acknowledgementLimit
        self.quarantineRows = quarantineRows
        tables = Tier.allCases.map { RollupTable($0, zone: store.zone) }
        (nextBatch, acknowledgementCount) = try store.pool.read { db in
            let journal = try Int64.fetchOne(db, sql: "SELECT max(id) FROM journal") ?? 0
            let acknowledged = try Int64.fetchOne(db, sql: "SELECT max(batch) FROM acknowledgement") ?? 0
            let noted = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'batch'") ?? 0
            let count = try Int.fetchOne(db, sql: "SELECT sum(count) FROM acknowledgement") ?? 0
            return (max(journal, acknowledged, noted) + 1, count)
        }
    }

    package func write(_ batch: borrowing Batch) throws {
        let id = nextBatch
        let batch = copy batch
        let remembered = try store.pool.writeWithoutTransaction { db in
            var remembered = 0
            try db.inTransaction {
                remembered = try self.write(batch, id, db)
                return .commit
            }
            return remembered
        }
        acknowledgementCount = remembered
        nextBatch = id + 1
    }

    private func write(_ batch: Batch, _ id: Int64, _ db: Database) throws -> Int {
        try journal(batch, id, db)
        // Packet ids of a session that is gone mean nothing any more: the next one gives them again.
        let isNewSession = batch.gaps.contains { $0.kind == .sessionLost }
        if isNewSession { try db.execute(sql: "DELETE FROM acknowledgement") }
        let remembered = try acknowledgements(
            batch.acknowledgements, id, before: isNewSession ? 0 : acknowledgementCount, db)
        for rollup in batch.rollups { try tables[rollup.tier.rawValue].merge(rollup, into: db) }
        for rollup in batch.amendments { try tables[rollup.tier.rawValue].merge(rollup, into: db) }
        for event in batch.alertEvents { try AlertTable.record(event, at: batch.at, db) }
        for state in batch.alertInstances { try AlertTable.keep(state, db) }
        for (key, counters) in batch.losses { try LossTable.add(counters, key, db) }
        for reject in batch.rejects { try LossTable.quarantine(reject, db) }
        if !batch.rejects.isEmpty { try LossTable.boundQuarantine(quarantineRows, db) }
        for gap in batch.gaps { try LossTable.note(gap, db) }
        if let checkpoint = batch.checkpoint {
            try CheckpointTable.write(checkpoint, db)
            try meta("checkpoint", id, db)
        }
        if let event = batch.publishedEvent { try meta("published_event", event, db) }
        if let caughtUp = batch.caughtUp { try meta("caught_up", caughtUp, db) }
        try meta("closed_through", batch.closedThrough, db)
        try meta("batch", id, db)
        try meta("at", batch.at, db)
        return remembered
    }

    private func meta(_ key: String, _ value: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)")
            .execute(arguments: [key, value])
    }

    private func journal(_ batch: Batch, _ id: Int64, _ db: Database) throws {
        guard !batch.readings.isEmpty || !batch.messages.isEmpty else { return }
        var from = Milliseconds.max
        var to = Milliseconds.min
        for reading in batch.readings {
            from = min(from, reading.time)
            to = max(to, reading.time)
        }
        let block = JournalBlock.encode(messages: batch.messages, readings: batch.readings)
        try db.cachedStatement(
            sql:
                "INSERT INTO journal(id, at_ms, from_ms, to_ms, messages, readings, block) VALUES (?,?,?,?,?,?,?)"
        ).execute(arguments: [
            id, batch.at, from, to, batch.messages.count, batch.readings.count, Data(block),
        ])
    }

    /// - Returns: how many messages are remembered now.
    private func acknowledgements(
        _ entries: [Acknowledgement], _ id: Int64, before: Int, _ db: Database
    ) throws -> Int {
        guard !entries.isEmpty else { return before }
        try db.cachedStatement(sql: "INSERT INTO acknowledgement(batch, count, entries) VALUES (?,?,?)")
            .execute(arguments: [id, entries.count, AcknowledgementCodec.encode(entries)])
        var count = before + entries.count
        while count > acknowledgementLimit {
            let oldest = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT batch, count FROM acknowledgement ORDER BY batch LIMIT 1"))
            guard let oldest, let rows: Int = oldest["count"], count - rows >= acknowledgementLimit else {
                break
            }
            let batch: Int64 = oldest["batch"]
            try db.cachedStatement(sql: "DELETE FROM acknowledgement WHERE batch = ?").execute(arguments: [
                batch
            ])
            count -= rows
        }
        return count
    }
}

/// Eighteen bytes a message: packet id, then the fingerprint, all little-endian.
enum AcknowledgementCodec {
    static func encode(_ entries: [Acknowledgement]) -> Data {
        var data = Data(capacity: entries.count * 18)
        for entry in entries {
            withUnsafeBytes(of: entry.packet.littleEndian) { data.append(contentsOf: $0) }
            withUnsafeBytes(of: entry.high.littleEndian) { data.append(contentsOf: $0) }
            withUnsafeBytes(of: entry.low.littleEndian) { data.append(contentsOf: $0) }
        }
        return data
    }

    static func decode(_ data: Data) -> [Acknowledgement] {
        data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - 17, by: 18).map { at in
                Acknowledgement(
                    packet: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)),
                    high: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 2, as: UInt64.self)),
                    low: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 10, as: UInt64.self)))
            }
        }
    }
}
