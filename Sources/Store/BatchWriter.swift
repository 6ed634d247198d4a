import Foundation
import GRDB
import Synchronization
package import Telemetry

/// Writes each batch as one transaction with `synchronous=FULL`: when `write` returns, it is on the disk.
package final class BatchWriter: Sink {
    private let store: Store
    private let tables: [RollupTable]
    private let acknowledgementLimit: Int
    package let counters = WriterCounters()
    private var nextBatch: Int64
    private var held: Held

    /// What is bounded, and how much of it there is; a new one with every transaction.
    private struct Held {
        var acknowledgements: Int
        var quarantine: Quarantine
    }

    /// - Parameters:
    ///   - acknowledgementLimit: messages remembered to recognise what the broker sends again.
    ///   - quarantineRows: rows of refused messages kept; the longest unseen go first.
    ///   - quarantineBytes: bytes of their topics and payloads.
    package init(store: Store, acknowledgementLimit: Int, quarantineRows: Int, quarantineBytes: Int) throws {
        self.store = store
        self.acknowledgementLimit = acknowledgementLimit
        tables = Tier.allCases.map { RollupTable($0, zone: store.zone) }
        (nextBatch, held) = try store.noting {
            try store.pool.read { db in
                let journal = try Int64.fetchOne(db, sql: "SELECT max(id) FROM journal") ?? 0
                let acknowledged = try Int64.fetchOne(db, sql: "SELECT max(batch) FROM acknowledgement") ?? 0
                let noted = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'batch'") ?? 0
                let count = try Int.fetchOne(db, sql: "SELECT sum(count) FROM acknowledgement") ?? 0
                let quarantine = try Quarantine(
                    maximumRows: quarantineRows, maximumBytes: quarantineBytes, db)
                return (
                    max(journal, acknowledged, noted) + 1,
                    Held(acknowledgements: count, quarantine: quarantine)
                )
            }
        }
        publish()
    }

    private func publish() {
        counters.acknowledgements.store(Int64(held.acknowledgements), ordering: .relaxed)
        counters.quarantineRows.store(Int64(held.quarantine.rows), ordering: .relaxed)
        counters.quarantineBytes.store(Int64(held.quarantine.bytes), ordering: .relaxed)
        counters.evictedForRows.store(Int64(held.quarantine.evictedForRows), ordering: .relaxed)
        counters.evictedForBytes.store(Int64(held.quarantine.evictedForBytes), ordering: .relaxed)
    }

    /// - Throws: `StoreError.corrupt` if the database is damaged, `.syncFailed` if the disk failed to keep the file: no further
    ///   attempt mends either, a new start does. After any other error the same batch can be tried again: SQLite writes all
    ///   of it anew, also what a failed sync of the log may have lost.
    package func write(_ batch: borrowing Batch) throws {
        let id = nextBatch
        let batch = copy batch
        let after = try store.noting {
            try store.pool.writeWithoutTransaction { db in
                var after = self.held
                try db.inTransaction {
                    try self.write(batch, id, &after, db)
                    return .commit
                }
                return after
            }
        }
        let forgotten = held.acknowledgements + batch.acknowledgements.count - after.acknowledgements
        counters.forgottenAcknowledgements.add(Int64(forgotten), ordering: .relaxed)
        held = after
        nextBatch = id + 1
        publish()
    }

    private func write(_ batch: Batch, _ id: Int64, _ held: inout Held, _ db: Database) throws {
        try journal(batch, id, db)
        // Packet ids of a session that is gone mean nothing any more: the next one gives them again.
        if batch.gaps.contains(where: { $0.kind == .sessionLost }) {
            try db.execute(sql: "DELETE FROM acknowledgement")
            held.acknowledgements = 0
        }
        try acknowledgements(batch.acknowledgements, id, &held.acknowledgements, db)
        try merge(batch.rollups, db)
        try merge(batch.amendments, db)
        try alerts(batch, db)
        for state in batch.alertInstances { try AlertTable.keep(state, db) }
        try HindsightTable.record(batch.hindsights, at: batch.at, db)
        for change in batch.regimeSwitches { try RegimeTable.record(change, db) }
        for (key, counters) in batch.losses { try LossTable.add(counters, key, db) }
        for reject in batch.rejects { try held.quarantine.put(reject, db) }
        try held.quarantine.bound(db)
        for gap in batch.gaps { try LossTable.note(gap, db) }
        for part in batch.replayed { try ReplayTable.record(part, db) }
        if let checkpoint = batch.checkpoint {
            try CheckpointTable.write(checkpoint, db)
            try meta("checkpoint", id, db)
        }
        if let event = batch.publishedEvent { try meta("published_event", event, db) }
        if let caughtUp = batch.caughtUp { try meta("caught_up", caughtUp, db) }
        if let drops = batch.brokerDrops { try meta("broker_drops", drops, db) }
        try meta("closed_through", batch.closedThrough, db)
        try meta("batch", id, db)
        try meta("at", batch.at, db)
    }

    /// They are in order of tier.
    private func merge(_ rollups: Rollups, _ db: Database) throws {
        var index = 0
        while index < rollups.count {
            index = try tables[rollups.tier(at: index).rawValue].merge(rollups, from: index, into: db)
        }
    }

    /// Events, what is to be told of them, and what became of what was told before.
    private func alerts(_ batch: Batch, _ db: Database) throws {
        for change in batch.notificationChanges { try NotificationTable.apply(change, at: batch.at, db) }
        let recorded = try batch.alertEvents.map { try AlertTable.record($0, at: batch.at, db) }
        for draft in batch.notifications {
            try NotificationTable.queue(draft, recorded[draft.event], at: batch.at, db)
        }
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
        var insert = try RowStatement(
            "INSERT INTO journal(id, at_ms, from_ms, to_ms, messages, readings, block) VALUES (?,?,?,?,?,?,?)",
            db)
        insert.bind(id)
        insert.bind(batch.at)
        insert.bind(from)
        insert.bind(to)
        insert.bind(Int64(batch.messages.count))
        insert.bind(Int64(batch.readings.count))
        insert.bind(blob: JournalBlock.encode(messages: batch.messages, readings: batch.readings))
        try insert.execute()
    }

    /// - Parameter count: how many messages are remembered.
    private func acknowledgements(
        _ entries: [Acknowledgement], _ id: Int64, _ count: inout Int, _ db: Database
    ) throws {
        guard !entries.isEmpty else { return }
        var insert = try RowStatement("INSERT INTO acknowledgement(batch, count, entries) VALUES (?,?,?)", db)
        insert.bind(id)
        insert.bind(Int64(entries.count))
        insert.bind(blob: AcknowledgementCodec.encode(entries))
        try insert.execute()
        count += entries.count
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
    }
}
