import GRDB
package import Telemetry

extension Store {
    /// Ends the alerts of rules and devices that are configured no longer: no evidence could ever clear them.
    /// - Returns: how many stood.
    package func retire(_ states: [AlertInstanceState], at now: Milliseconds) throws -> Int {
        guard !states.isEmpty else { return 0 }
        return try noting {
            try pool.write { db in
                var ended = 0
                for state in states {
                    if let event = try Self.retirement(of: state, at: now, db) {
                        try AlertTable.record(event, at: now, db)
                        ended += 1
                    }
                    try AlertTable.keep(
                        AlertInstanceState(
                            rule: state.rule, scope: state.scope, machine: AlertStateMachine(), value: nil),
                        db)
                }
                return ended
            }
        }
    }

    /// nil if it never became an alert, or is over.
    private static func retirement(
        of state: AlertInstanceState, at now: Milliseconds, _ db: Database
    ) throws -> AlertEvent? {
        let row = try Row.fetchOne(
            db,
            // Out of service its onset may have moved on unseen; only one of them is not over.
            sql: "SELECT * FROM alert WHERE rule = ? AND scope = ? AND state <> 'normal'",
            arguments: [state.rule, state.scope])
        guard let row, let from = AlertState(rawValue: row["state"]) else { return nil }
        var event = AlertEvent(
            identity: AlertIdentity(rule: state.rule, scope: state.scope, onset: row["onset_ms"]),
            domain: row["domain"], ward: row["ward"],
            priority: AlertPriority(rawValue: row["priority"]) ?? .low, from: from, to: .normal, at: now,
            cause: .ruleRemoved, summary: Title(vi: row["summary_vi"], en: row["summary_en"]))
        event.lead = row["lead"]
        return event
    }
}
