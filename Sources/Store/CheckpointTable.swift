import Foundation
import GRDB
import Telemetry

/// Newest state of devices and series.
enum CheckpointTable {
    static func write(_ checkpoint: Checkpoint, _ db: Database) throws {
        for (device, state) in checkpoint.devices {
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO device_state VALUES (?,?,?,?,?,?,?,?,?)")
                .execute(arguments: [
                    Int64(device.rawValue), state.lastSeen, state.lastTime, state.window.highest,
                    state.window.newestTime, words(state.window.bits), words(state.recent.fingerprints),
                    state.recent.next, state.departed > .min ? state.departed : nil,
                ])
        }
        for (series, state) in checkpoint.series {
            guard let newest = state.newest else { continue }
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO series_state VALUES (?,?,?,?,?,?)")
                .execute(arguments: [
                    Int64(series.rawValue), newest.time, newest.value, newest.weight,
                    Int64(newest.quality.rawValue),
                    Data(state.recent.encode()),
                ])
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

    private static func words(_ words: [UInt64]) -> Data {
        words.withUnsafeBytes { Data($0) }
    }

    private static func words(_ data: Data) -> [UInt64] {
        data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - 7, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)
            }
        }
    }
}
