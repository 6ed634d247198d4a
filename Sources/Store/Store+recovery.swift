import Foundation
import GRDB
package import Telemetry

extension Store: History {
    package func position() throws -> StoredPosition {
        try noting { try pool.read { db in try Self.position(db) } }
    }

    static func position(_ db: Database) throws -> StoredPosition {
        func meta(_ key: String) throws -> Int64? {
            try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
        }
        return StoredPosition(
            closedThrough: try meta("closed_through") ?? .min, at: try meta("at"),
            caughtUp: try meta("caught_up"), brokerDrops: try meta("broker_drops"),
            publishedEvent: try meta("published_event") ?? 0, checkpoint: try meta("checkpoint") ?? 0)
    }

    package func checkpoint() throws -> Checkpoint {
        try noting { try pool.read { db in try CheckpointTable.read(db) } }
    }

    package func alertInstances() throws -> [AlertInstanceState] {
        try noting { try pool.read { db in try AlertTable.instances(db) } }
    }

    package func regimes() throws -> Set<String> {
        try noting { try pool.read { db in Set(try RegimeTable.on(db)) } }
    }

    package func forEachOpenBlock(
        since position: StoredPosition,
        _ body: ([AcceptedMessage], [Reading], _ isAfterCheckpoint: Bool) -> Void
    ) throws {
        try noting {
            try pool.read { db in
                try Self.forEachOpenBlock(since: position, Self.path(in: directory), db, body)
            }
        }
    }

    static func forEachOpenBlock(
        since position: StoredPosition, _ path: String, _ db: Database,
        _ body: ([AcceptedMessage], [Reading], _ isAfterCheckpoint: Bool) -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT id, block FROM journal WHERE id > ? OR to_ms >= ? ORDER BY id",
            arguments: [position.checkpoint, position.closedThrough])
        while let row = try rows.next() {
            let block = try journalBlock(row, path)
            body(block.messages, block.readings, row["id"] > position.checkpoint)
        }
    }

    /// The content of a row of the journal, which has its `id` and `block`.
    static func journalBlock(_ row: Row, _ path: String) throws -> (
        messages: [AcceptedMessage], readings: [Reading]
    ) {
        let data: Data = row["block"]
        if let block = JournalBlock.decode(Array(data)) { return block }
        throw unreadable(row, path)
    }

    /// The commits of such a row, which has its `at_ms`, too, that were in `range`.
    static func forEachCommit(
        of row: Row, in range: Range<Milliseconds>, _ path: String,
        _ body: ([AcceptedMessage], [Reading], _ at: Milliseconds) throws -> Void
    ) throws {
        let data: Data = row["block"]
        let block = Array(data)
        if block.first == CompactBlock.version {
            guard let stretch = CompactBlock.decode(block) else { throw unreadable(row, path) }
            try stretch.forEachSecond { messages, readings, at in
                if range.contains(at) { try body(messages, readings, at) }
            }
        } else if range.contains(row["at_ms"]) {
            let commit = try journalBlock(row, path)
            try body(commit.messages, commit.readings, row["at_ms"])
        }
    }

    /// The readings of one series in such a row.
    static func readings(of series: SeriesID, in row: Row, _ path: String) throws -> [Reading] {
        let data: Data = row["block"]
        let block = Array(data)
        guard block.first == CompactBlock.version else {
            return try journalBlock(row, path).readings.filter { $0.series == series }
        }
        if let readings = CompactBlock.readings(of: series, in: block) { return readings }
        throw unreadable(row, path)
    }

    private static func unreadable(_ row: Row, _ path: String) -> StoreError {
        .corrupt(path, reason: "journal block \(row["id"] as Int64) cannot be read")
    }

    package func forEachRollup(_ tier: Tier, from: Milliseconds, _ body: (Rollup) -> Void) throws {
        guard from < .max else { return }
        try noting {
            try pool.read { db in
                let rows = try Row.fetchCursor(
                    db,
                    sql: "SELECT * FROM \(Schema.table(tier)) WHERE start_ms >= ?",
                    arguments: [from])
                while let row = try rows.next() { body(RollupTable.rollup(row, tier)) }
            }
        }
    }

    package func forEachNewestRollup(
        _ tier: Tier, of wanted: [(series: SeriesID, length: Milliseconds)], _ body: (Rollup) -> Void
    ) throws {
        try noting {
            try pool.read { db in
                let recent = try Self.recentRollups(tier, of: wanted.map(\.series), db)
                let gathered = RollupSchema.gathered(tier)
                let newest = try db.cachedStatement(
                    sql: "SELECT max(start_ms) FROM \(gathered) WHERE series = ?")
                let select = try db.cachedStatement(
                    sql: "SELECT * FROM \(gathered) WHERE series = ? AND start_ms > ? ORDER BY start_ms")
                for (series, length) in wanted {
                    let id = Int64(series.rawValue)
                    let own = recent[series] ?? []
                    let end = try own.last?.start ?? Int64.fetchOne(newest, arguments: [id])
                    guard let end else { continue }
                    let rows = try Row.fetchCursor(select, arguments: [id, end - length])
                    while let row = try rows.next() { body(RollupTable.rollup(row, tier)) }
                    for rollup in own where rollup.start > end - length { body(rollup) }
                }
            }
        }
    }

    /// Windows that are not gathered yet, of each series the oldest first. They lie in the order of time, so all are read once.
    private static func recentRollups(_ tier: Tier, of wanted: [SeriesID], _ db: Database) throws
        -> [SeriesID: [Rollup]]
    {
        let wanted = Set(wanted)
        var found: [SeriesID: [Rollup]] = [:]
        guard !wanted.isEmpty else { return found }
        let rows = try Row.fetchCursor(
            db, sql: "SELECT * FROM \(RollupSchema.recent(tier)) ORDER BY start_ms, series")
        while let row = try rows.next() {
            let series = SeriesID(row["series"])
            if wanted.contains(series) { found[series, default: []].append(RollupTable.rollup(row, tier)) }
        }
        return found
    }

    package func acknowledgementHistory() throws -> [Acknowledgement] {
        try noting {
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
}
