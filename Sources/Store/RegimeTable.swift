import GRDB
import Telemetry

/// When operators switched regimes; only grows. Of each the newest row counts.
enum RegimeTable {
    static func record(_ change: RegimeSwitch, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO regime_event(regime, is_on, at_ms, operator, comment) VALUES (?,?,?,?,?)"
        ).execute(arguments: [
            change.regime, change.isOn, change.at, change.operatorName, change.comment,
        ])
    }

    static func switches(through end: Milliseconds, _ db: Database) throws -> [RegimeSwitch] {
        try Row.fetchAll(
            db,
            sql:
                "SELECT regime, is_on, at_ms, operator, comment FROM regime_event WHERE at_ms <= ? ORDER BY id",
            arguments: [end]
        ).map {
            RegimeSwitch(
                regime: $0["regime"], isOn: $0["is_on"], at: $0["at_ms"], operatorName: $0["operator"],
                comment: $0["comment"])
        }
    }

    /// Names of those that are on.
    static func on(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT regime FROM v_regime WHERE is_on")
    }
}
