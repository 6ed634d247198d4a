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
        var series = try RowStatement("INSERT OR REPLACE INTO series_state VALUES (?,?,?,?,?,?)", db)
        for (id, state) in checkpoint.series {
            guard let newest = state.newest else { continue }
            series.bind(Int64(id.rawValue))
            series.bind(newest.time)
            series.bind(newest.value)
            series.bind(newest.weight)
            series.bind(Int64(newest.quality.rawValue))
            series.bind(blob: state.recent.encode())
            try series.execute()
        }
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
        for row in try Row.fetchAll(db, sql: "SELECT * FROM series_state") {
            let id = SeriesID(row["series"])
            var state = SeriesState()
            state.newest = Reading(
                series: id, time: row["time_ms"], value: row["value"], weight: row["weight"],
                quality: Quality(rawValue: row["quality"]) ?? .good)
            let recent: Data = row["recent"]
            state.recent = RecentTimes(decoding: Array(recent)) ?? RecentTimes()
            checkpoint.series.append((id, state))
        }
        return checkpoint
    }

    private static func words(_ data: Data) -> [UInt64] {
        data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - 7, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)
            }
        }
    }
}
