import GRDB
import Telemetry

/// Alerts, their transitions, and where each rule stands.
enum AlertTable {
    /// Where an event was recorded.
    struct Recorded {
        var alert: Int64
        var event: Int64
    }

    /// Records a transition and where the alert stands after it. (rule, scope, onset) is unique, so a condition raises one
    /// alert however often its readings come in.
    @discardableResult
    static func record(_ event: AlertEvent, at now: Milliseconds, _ db: Database) throws -> Recorded {
        if let raised = event.raised { try putBack(event.identity, raised: raised, db) }
        let id = try Int64.fetchOne(
            db.cachedStatement(sql: upsert),
            arguments: [
                "rule": event.identity.rule, "scope": event.identity.scope, "onset": event.identity.onset,
                "domain": event.domain, "ward": event.ward, "priority": event.priority.rawValue,
                "state": event.to.rawValue, "at": event.at, "value": event.value, "limit": event.limit,
                "vi": event.summary.vi, "en": event.summary.en, "operator": event.operatorName,
                "comment": event.comment, "acknowledges": event.cause == .acknowledge,
                "unacknowledged": event.to == .unacknowledged,
                "hides": event.cause == .shelve || event.cause == .takenOutOfService,
                "hidden": event.to.isHidden, "until": event.hiddenUntil, "lead": event.lead,
                "unverified": event.unverifiedSince,
            ])!
        try db.cachedStatement(
            sql: """
                INSERT INTO alert_event(alert, at_ms, recorded_ms, from_state, to_state, cause, value, limit_value,
                    operator, comment, rule_version) VALUES (?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            id, event.at, now, event.from.rawValue, event.to.rawValue, event.cause.rawValue, event.value,
            event.limit, event.operatorName, event.comment, event.ruleVersion,
        ])
        let recorded = Recorded(alert: id, event: db.lastInsertedRowID)
        if event.cause == .acknowledge { try NotificationTable.acknowledge(alert: id, at: now, db) }
        if let bearing = OperatorBearing(event) {
            try NotificationTable.heed(bearing, alert: id, at: now, db)
        }
        return recorded
    }

    /// Out of service a rule is listed as an alert, also if there is none. The one that came up meanwhile takes its place, as of
    /// when it came up.
    private static func putBack(_ identity: AlertIdentity, raised: Milliseconds, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE OR IGNORE alert SET onset_ms = :onset, raised_ms = :raised
                WHERE rule = :rule AND scope = :scope AND state = :state AND onset_ms <> :onset
                """
        ).execute(arguments: [
            "onset": identity.onset, "raised": raised, "rule": identity.rule, "scope": identity.scope,
            "state": AlertState.outOfService.rawValue,
        ])
    }

    /// The alert as it is after a transition. Who hid it stays with it while it is hidden, who took it until it is to be taken
    /// again, whatever the cause.
    private static let upsert = """
        INSERT INTO alert(rule, scope, onset_ms, domain, ward, priority, state, raised_ms, changed_ms, value,
            limit_value, summary_vi, summary_en, acknowledged_by, acknowledged_ms, comment, lead, hidden_until_ms,
            hidden_by, hidden_reason, unverified_since_ms)
        VALUES (:rule, :scope, :onset, :domain, :ward, :priority, :state, :at, :at, :value, :limit, :vi, :en,
            CASE WHEN :acknowledges THEN :operator END, CASE WHEN :acknowledges THEN :at END, :comment, :lead, :until,
            CASE WHEN :hides THEN :operator END, CASE WHEN :hides THEN :comment END, :unverified)
        ON CONFLICT(rule, scope, onset_ms) DO UPDATE SET state = excluded.state, changed_ms = excluded.changed_ms,
            value = coalesce(excluded.value, value), limit_value = coalesce(excluded.limit_value, limit_value),
            summary_vi = CASE WHEN excluded.value IS NULL THEN summary_vi ELSE excluded.summary_vi END,
            summary_en = CASE WHEN excluded.value IS NULL THEN summary_en ELSE excluded.summary_en END,
            acknowledged_by = CASE WHEN :unacknowledged THEN NULL
                ELSE coalesce(excluded.acknowledged_by, acknowledged_by) END,
            acknowledged_ms = CASE WHEN :unacknowledged THEN NULL
                ELSE coalesce(excluded.acknowledged_ms, acknowledged_ms) END,
            comment = coalesce(excluded.comment, comment), lead = excluded.lead,
            unverified_since_ms = excluded.unverified_since_ms, hidden_until_ms = excluded.hidden_until_ms,
            hidden_by = CASE WHEN :hidden THEN coalesce(excluded.hidden_by, hidden_by) END,
            hidden_reason = CASE WHEN :hidden THEN coalesce(excluded.hidden_reason, hidden_reason) END
        RETURNING id
        """

    /// Keeps an instance that is not at rest, forgets one that is.
    static func keep(_ state: AlertInstanceState, _ db: Database) throws {
        let machine = state.machine
        if state.isAtRest {
            try db.cachedStatement(sql: "DELETE FROM alert_instance WHERE rule = ? AND scope = ?")
                .execute(arguments: [state.rule, state.scope])
            return
        }
        var shelf: AlertShelf?
        if case .shelf(let found) = machine.veil { shelf = found }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO alert_instance(rule, scope, settled, holds, holds_since_ms, onset_ms, value,
                    terms, headline, veil, shelf_until_ms, shelf_once, shelf_noticed, attended_since_ms, escalated,
                    unverified_since_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            state.rule, state.scope, machine.settled.rawValue, machine.holds, machine.holdsSince,
            machine.onset, state.value, text(state.terms), state.headline,
            machine.veil?.state.rawValue, shelf?.until, shelf?.isOneShot ?? false, shelf?.isNoticed ?? false,
            machine.attendedSince, machine.escalated, machine.unverifiedSince,
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
        AlertInstanceState(
            rule: row["rule"], scope: row["scope"],
            machine: AlertStateMachine(
                settled: AlertState(rawValue: row["settled"]) ?? .normal, holds: row["holds"],
                holdsSince: row["holds_since_ms"], onset: row["onset_ms"], veil: veil(row),
                attendedSince: row["attended_since_ms"], escalated: row["escalated"],
                unverifiedSince: row["unverified_since_ms"]),
            value: row["value"], terms: terms(row["terms"]), headline: row["headline"])
    }

    private static func veil(_ row: Row) -> AlertVeil? {
        let name: String? = row["veil"]
        switch name.flatMap(AlertState.init) {
        case .suppressed: return .suppression
        case .outOfService: return .outOfService
        case .shelved:
            return .shelf(
                AlertShelf(
                    until: row["shelf_until_ms"], isOneShot: row["shelf_once"],
                    isNoticed: row["shelf_noticed"]))
        default: return nil
        }
    }

    /// `1` holds, `0` does not, `-` is not known.
    private static func text(_ terms: [Bool?]) -> String {
        String(terms.map { holds in holds.map { $0 ? "1" : "0" } ?? "-" })
    }

    private static func terms(_ text: String) -> [Bool?] { text.map { $0 == "-" ? nil : $0 == "1" } }
}
