import Foundation
import GRDB
import Telemetry

/// What was refused, what was lost, and the counters that add up.
enum LossTable {
    static func add(_ counters: LossCounters, _ key: LossKey, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO loss VALUES (?,?,?,?,?,?,?,?,?,?,?)
                ON CONFLICT(source, domain) DO UPDATE SET received = received + excluded.received,
                    stored = stored + excluded.stored, rejected = rejected + excluded.rejected,
                    duplicate = duplicate + excluded.duplicate, dropped = dropped + excluded.dropped,
                    readings = readings + excluded.readings, late = late + excluded.late, bad = bad + excluded.bad,
                    duplicate_readings = duplicate_readings + excluded.duplicate_readings
                """
        ).execute(arguments: [
            key.source, key.domain, counters.received, counters.stored, counters.rejected, counters.duplicate,
            counters.dropped, counters.readings, counters.late, counters.bad, counters.duplicateReadings,
        ])
    }

    /// What goes on where the last gap of its kind ended is that gap: the broker tells of its drops every ten seconds.
    static func note(_ gap: Gap, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE gap SET to_ms = max(to_ms, ?), count = count + ?
                WHERE id = (SELECT max(id) FROM gap WHERE kind = ?) AND to_ms = ?
                """
        ).execute(arguments: [gap.to, Int64(clamping: gap.count), gap.kind.rawValue, gap.from])
        guard db.changesCount == 0 else { return }
        try db.cachedStatement(sql: "INSERT INTO gap(kind, from_ms, to_ms, count) VALUES (?,?,?,?)")
            .execute(arguments: [gap.kind.rawValue, gap.from, gap.to, Int64(clamping: gap.count)])
    }
}
