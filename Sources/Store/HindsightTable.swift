import GRDB
import Telemetry

/// What late data would have made of decisions, the newest of it.
enum HindsightTable {
    /// More than anybody reads: a day of one a minute for seven devices.
    static let capacity = 10_000

    static func record(_ hindsights: [AlertHindsight], at now: Milliseconds, _ db: Database) throws {
        guard !hindsights.isEmpty else { return }
        for hindsight in hindsights {
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO alert_hindsight(rule, scope, at_ms, recorded_ms, value, limit_value, holds)
                    VALUES (?,?,?,?,?,?,?)
                    """
            ).execute(arguments: [
                hindsight.rule, hindsight.scope, hindsight.at, now, hindsight.value, hindsight.limit,
                hindsight.holds,
            ])
        }
        try db.cachedStatement(
            sql: """
                DELETE FROM alert_hindsight
                WHERE id <= (SELECT id FROM alert_hindsight ORDER BY id DESC LIMIT 1 OFFSET ?)
                """
        ).execute(arguments: [capacity])
    }
}
