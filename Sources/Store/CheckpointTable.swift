import Foundation
import GRDB
import Telemetry

/// Newest state of devices and series.
enum CheckpointTable {
    static func write(_ checkpoint: Checkpoint, _ db: Database) throws {
        var device = try RowStatement("INSERT OR REPLACE INTO device_state VALUES (?,?,?,?,?,?,?,?,?)", db)
        for (id, state) in checkpoint.devices {
            device.bind(Int64(id.rawValue))
            device.bind(state.lastSeen)
            device.bind(state.lastTime)
            device.bind(state.window.highest)
            device.bind(state.window.newestTime)
            state.window.bits.withUnsafeBytes { device.bind(blob: $0) }
            state.recent.fingerprints.withUnsafeBytes { device.bind(blob: $0) }
            device.bind(Int64(state.recent.next))
            device.bind(state.departed > .min ? state.departed : nil)
            try device.execute()
        }
        try write(checkpoint.series, db)
    }

    /// Series of which nothing is said stay as they were.
    static func write(_ series: SeriesStates, _ db: Database) throws {
        var insert = try RowStatement("INSERT OR REPLACE INTO series_block VALUES (?,?,?)", db)
        for states in series.blocks {
            let isWhole = states.newest.allSatisfy { $0.reading != nil }
            var block = try isWhole ? SeriesBlock() : block(states.index, db)
            block.set(states)
            insert.bind(Int64(states.index))
            insert.bind(blob: block.newest)
            insert.bind(blob: block.recent)
            try insert.execute()
        }
    }

    private static func block(_ index: Int, _ db: Database) throws -> SeriesBlock {
        let select = try db.cachedStatement(sql: "SELECT newest, recent FROM series_block WHERE block = ?")
        return try Row.fetchOne(select, arguments: [index]).map(block) ?? SeriesBlock()
    }

    private static func block(_ row: Row) -> SeriesBlock {
        let (newest, recent) = (row["newest"] as Data, row["recent"] as Data?)
        return SeriesBlock(newest: Array(newest), recent: recent.map(Array.init))
    }

    static func read(_ db: Database) throws -> Checkpoint {
        var checkpoint = Checkpoint()
        for row in try Row.fetchAll(db, sql: "SELECT * FROM device_state") {
            var state = DeviceState()
            state.lastSeen = row["last_seen_ms"]
            state.lastTime = row["last_time_ms"]
            state.window = SequenceWindow(
                highest: row["sequence_highest"], newestTime: row["sequence_time_ms"],
                bits: words(row["sequence_bits"]))
            state.recent = RecentMessages(fingerprints: words(row["recent"]), next: row["recent_next"])
            state.departed = row["departed_ms"] ?? .min
            checkpoint.devices.append((DeviceID(row["device"]), state))
        }
        for row in try Row.fetchAll(db, sql: "SELECT * FROM series_block ORDER BY block") {
            block(row).append(to: &checkpoint.series, index: row["block"])
        }
        return checkpoint
    }

    /// Of a version that had a row for each series.
    static func gatherSeries(_ db: Database) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM series_state ORDER BY series")
        var series = SeriesStates()
        while let row = try rows.next() {
            let id = SeriesID(row["series"])
            let newest = Reading(
                series: id, time: row["time_ms"], value: row["value"], weight: row["weight"],
                quality: Quality(rawValue: row["quality"]) ?? .good)
            let recent = Array(row["recent"] as Data)
            series.append(
                id, SeriesState(newest: newest, recent: RecentTimes(decoding: recent) ?? RecentTimes()))
        }
        try write(series, db)
    }

    private static func words(_ data: Data) -> [UInt64] {
        data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - 7, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)
            }
        }
    }
}
