import GRDB
import Telemetry

/// Alerts, their transitions, and where each rule stands.
enum AlertTable {
    /// Records a transition and where the alert stands after it. (rule, scope, onset) is unique, so a condition raises one
    /// alert however often its readings come in.
    static func record(_ event: AlertEvent, at now: Milliseconds, _ db: Database) throws {
        let upsert = """
            INSERT INTO alert(rule, scope, onset_ms, domain, ward, priority, state, raised_ms, changed_ms, value,
                limit_value, summary_vi, summary_en, acknowledged_by, acknowledged_ms, comment, shelved_until_ms, shelved_by, shelved_reason)
            VALUES (:rule, :scope, :onset, :domain, :ward, :priority, :state, :at, :at, :value, :limit, :vi, :en,
                CASE WHEN :cause = 'acknowledge' THEN :operator END, CASE WHEN :cause = 'acknowledge' THEN :at END,
                :comment, :shelved, CASE WHEN :cause = 'shelve' THEN :operator END,
                CASE WHEN :cause = 'shelve' THEN :comment END)
            ON CONFLICT(rule, scope, onset_ms) DO UPDATE SET state = excluded.state, changed_ms = excluded.changed_ms,
                value = coalesce(excluded.value, value), limit_value = coalesce(excluded.limit_value, limit_value),
                summary_vi = CASE WHEN excluded.value IS NULL THEN summary_vi ELSE excluded.summary_vi END,
                summary_en = CASE WHEN excluded.value IS NULL THEN summary_en ELSE excluded.summary_en END,
                acknowledged_by = CASE WHEN :cause = 'unacknowledge' THEN NULL
                    ELSE coalesce(excluded.acknowledged_by, acknowledged_by) END,
                acknowledged_ms = CASE WHEN :cause = 'unacknowledge' THEN NULL
                    ELSE coalesce(excluded.acknowledged_ms, acknowledged_ms) END,
                comment = coalesce(excluded.comment, comment), shelved_until_ms = excluded.shelved_until_ms,
                shelved_by = CASE WHEN excluded.shelved_until_ms IS NOT NULL
                    THEN coalesce(excluded.shelved_by, shelved_by) END,
                shelved_reason = CASE WHEN excluded.shelved_until_ms IS NOT NULL
                    THEN coalesce(excluded.shelved_reason, shelved_reason) END
            RETURNING id
            """
        let id = try Int64.fetchOne(
            db.cachedStatement(sql: upsert),
            arguments: [
                "rule": event.identity.rule, "scope": event.identity.scope, "onset": event.identity.onset,
                "domain": event.domain, "ward": event.ward, "priority": event.priority.rawValue,
                "state": event.to.rawValue, "at": event.at, "value": event.value, "limit": event.limit,
                "vi": event.summary.vi, "en": event.summary.en, "operator": event.operatorName,
                "comment": event.comment, "cause": event.cause.rawValue,
                "shelved": event.shelvedUntil,
            ])!
        try db.cachedStatement(
            sql: """
                INSERT INTO alert_event(alert, at_ms, recorded_ms, from_state, to_state, cause, value, limit_value,
                    operator, comment) VALUES (?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            id, event.at, now, event.from.rawValue, event.to.rawValue, event.cause.rawValue, event.value,
            event.limit,
            event.operatorName, event.comment,
        ])
    }

    /// Keeps an instance that is not at rest, forgets one that is.
    static func keep(_ state: AlertInstanceState, _ db: Database) throws {
        let machine = state.machine
        if state.isAtRest {
            try db.cachedStatement(sql: "DELETE FROM alert_instance WHERE rule = ? AND scope = ?")
                .execute(arguments: [state.rule, state.scope])
            return
        }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO alert_instance(rule, scope, settled, holds, holds_since_ms, onset_ms, value,
                    terms, headline, shelf_until_ms, shelf_once, shelf_noticed) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            state.rule, state.scope, machine.settled.rawValue, machine.holds, machine.holdsSince,
            machine.onset, state.value, text(state.terms), state.headline,
            machine.shelf?.until, machine.shelf?.isOneShot ?? false, machine.shelf?.isNoticed ?? false,
        ])
    }

    static func instances(_ db: Database) throws -> [AlertInstanceState] {
        try Row.fetchAll(db, sql: "SELECT * FROM alert_instance").map(instance)
    }

    /// nil if it is at rest.
    static func instance(rule: String, scope: String, _ db: Database) throws -> AlertInstanceState? {
        let select = "SELECT * FROM alert_instance WHERE rule = ? AND scope = ?"
        return try Row.fetchOne(db, sql: select, arguments: [rule, scope]).map(instance)
    }

    private static func instance(_ row: Row) -> AlertInstanceState {
        let until: Milliseconds? = row["shelf_until_ms"]
        let shelf = until.map {
            AlertShelf(until: $0, isOneShot: row["shelf_once"], isNoticed: row["shelf_noticed"])
        }
        return AlertInstanceState(
            rule: row["rule"], scope: row["scope"],
            machine: AlertStateMachine(
                settled: AlertState(rawValue: row["settled"]) ?? .normal, holds: row["holds"],
                holdsSince: row["holds_since_ms"], onset: row["onset_ms"], shelf: shelf),
            value: row["value"], terms: terms(row["terms"]), headline: row["headline"])
    }

    /// `1` holds, `0` does not, `-` is not known.
    private static func text(_ terms: [Bool?]) -> String {
        String(terms.map { holds in holds.map { $0 ? "1" : "0" } ?? "-" })
    }

    private static func terms(_ text: String) -> [Bool?] { text.map { $0 == "-" ? nil : $0 == "1" } }
}
