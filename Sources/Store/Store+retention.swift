import GRDB
package import Telemetry

extension Store {
    /// Rows deleted in one go: a transaction this small never holds the intake up.
    private static let rowsAtOnce = 2_000

    /// How long it is known what became of a message to a receiver: a season, as minutes are.
    static let notificationAge = 90 * Span.day

    /// Deletes what is older than it need be kept, a little at a time.
    /// - Returns: rows deleted; 0 when nothing is left to delete.
    @discardableResult
    package func purge(now: Milliseconds, raw: Milliseconds, rollups: [Tier: Milliseconds]) throws -> Int {
        try noting { try pool.write { db in try Self.purge(now: now, raw: raw, rollups: rollups, db) } }
    }

    private static func purge(
        now: Milliseconds, raw: Milliseconds, rollups: [Tier: Milliseconds], _ db: Database
    ) throws -> Int {
        var deleted = 0
        // Signs of life have no time but that of their commit.
        try db.execute(
            sql: """
                DELETE FROM journal WHERE id IN (SELECT id FROM journal
                    WHERE to_ms < :age AND (readings > 0 OR at_ms < :age) ORDER BY to_ms LIMIT :rows)
                """, arguments: ["age": now - raw, "rows": Self.rowsAtOnce])
        deleted += db.changesCount
        try db.execute(
            sql: """
                DELETE FROM notification WHERE id IN (SELECT id FROM notification
                    WHERE queued_ms < ? AND state NOT IN ('queued', 'sent') ORDER BY id LIMIT ?)
                """, arguments: [now - Self.notificationAge, Self.rowsAtOnce])
        deleted += db.changesCount
        for (tier, age) in rollups {
            for table in [RollupSchema.gathered(tier), RollupSchema.recent(tier)] {
                try db.execute(
                    sql: """
                        DELETE FROM \(table) WHERE (series, start_ms) IN (
                            SELECT series, start_ms FROM \(table) WHERE start_ms < ? LIMIT ?)
                        """, arguments: [now - age, Self.rowsAtOnce])
                deleted += db.changesCount
            }
        }
        return deleted
    }
}
