import Foundation
import GRDB
package import Telemetry

/// What a restart needs of the store, in the order it needs it.
extension Store {
    package struct Position: Sendable {
        /// The aggregator's watermark, `.min` for a new store.
        package var closedThrough: Milliseconds
        /// Clock of the last batch, nil for a new store.
        package var at: Milliseconds?
        /// Last alert event published over MQTT.
        package var publishedEvent: Int64
        var checkpoint: Int64
    }

    package func position() throws -> Position {
        try pool.read { db in
            func meta(_ key: String) throws -> Int64? {
                try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
            }
            return Position(
                closedThrough: try meta("closed_through") ?? .min, at: try meta("at"),
                publishedEvent: try meta("published_event") ?? 0, checkpoint: try meta("checkpoint") ?? 0)
        }
    }

    package func checkpoint() throws -> Checkpoint { try pool.read { db in try CheckpointTable.read(db) } }

    package func alertInstances() throws -> [AlertInstanceState] {
        try pool.read { db in try AlertTable.instances(db) }
    }

    /// Journal blocks that hold readings of open minutes, or are younger than the checkpoint; in order.
    package func forEachOpenBlock(
        since position: Position, _ body: ([AcceptedMessage], [Reading], _ isAfterCheckpoint: Bool) -> Void
    ) throws {
        try pool.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, block FROM journal WHERE id > ? OR to_ms >= ? ORDER BY id",
                arguments: [position.checkpoint, position.closedThrough])
            while let row = try rows.next() {
                let data: Data = row["block"]
                let id: Int64 = row["id"]
                guard let block = JournalBlock.decode(Array(data)) else {
                    throw StoreError.corrupt(
                        Self.path(in: directory), reason: "journal block \(id) cannot be read")
                }
                body(block.messages, block.readings, id > position.checkpoint)
            }
        }
    }

    /// Stored windows of a tier that begin at or after `from`.
    package func forEachRollup(_ tier: Tier, from: Milliseconds, _ body: (Rollup) -> Void) throws {
        guard from < .max else { return }
        try pool.read { db in
            let rows = try Row.fetchCursor(
                db,
                sql:
                    "SELECT r.* FROM series JOIN \(Schema.table(tier)) r ON r.series = series.id AND r.start_ms >= ?",
                arguments: [from])
            while let row = try rows.next() { body(RollupTable.rollup(row, tier)) }
        }
    }

    /// Committed messages, oldest first, to recognise what the broker sends again.
    package func acknowledgementHistory() throws -> [Acknowledgement] {
        try pool.read { db in
            var history: [Acknowledgement] = []
            let rows = try Data.fetchCursor(db, sql: "SELECT entries FROM acknowledgement ORDER BY batch")
            while let entries = try rows.next() {
                history.append(contentsOf: AcknowledgementCodec.decode(entries))
            }
            return history
        }
    }
}
