import GRDB
package import Telemetry

/// What one person watches.
package struct ConsoleScope: Sendable, Hashable {
    package var domain: String?
    package var ward: String?
    package var priority: String?

    package init(domain: String? = nil, ward: String? = nil, priority: String? = nil) {
        self.domain = domain
        self.ward = ward
        self.priority = priority
    }
}

extension StoreReader {
    /// No further back is looked for a quiet moment: a scope without one for a day begins its view there.
    private static let longestLook = Span.day
    /// Transitions read at once.
    private static let page = 5_000

    /// A view of the scope as of `now`, from stored transitions alone.
    package func consoleView(_ scope: ConsoleScope, at now: Milliseconds) throws -> ConsoleView {
        var view = ConsoleView(after: try consoleStart(scope, at: now))
        try advance(&view, of: scope, to: now)
        return view
    }

    /// The same as of a moment that is over.
    func consoleView(_ scope: ConsoleScope, asOf past: Milliseconds) throws -> ConsoleView {
        var view = ConsoleView(after: try consoleStart(scope, at: past))
        for event in try consoleEvents(scope, after: view.lastEvent, before: past) { view.take(event) }
        view.advance(to: past)
        return view
    }

    /// Transitions behind `start` that were recorded before `end`.
    func consoleEvents(_ scope: ConsoleScope, after start: Int64, before end: Milliseconds) throws
        -> [ConsoleEvent]
    {
        try database.read { db in
            try Row.fetchAll(
                db, sql: Self.consoleEvents(scope, "e.id > :id AND e.recorded_ms < :end ORDER BY e.id"),
                arguments: Self.arguments(scope, ["id": start, "end": end])
            ).map(ConsoleEvent.init(row:))
        }
    }

    /// Takes what was stored since.
    package func advance(_ view: inout ConsoleView, of scope: ConsoleScope, to now: Milliseconds) throws {
        var position = view.lastEvent
        while true {
            let found = try database.read { db in
                try Row.fetchAll(
                    db, sql: Self.consoleEvents(scope, "e.id > :id ORDER BY e.id LIMIT \(Self.page)"),
                    arguments: Self.arguments(scope, ["id": position])
                ).map(ConsoleEvent.init(row:))
            }
            for event in found { view.take(event) }
            position = found.last?.id ?? position
            if found.count < Self.page { break }
        }
        view.advance(to: now)
    }

    /// The transition behind which a view is what it would be, had it begun at the first: twenty minutes with fewer than five
    /// new alerts begin there (`ConsoleView.quiet`), and what clients that come back may want to know lies behind it.
    private func consoleStart(_ scope: ConsoleScope, at now: Milliseconds) throws -> Int64 {
        try database.read { db in
            let rows = try Row.fetchCursor(
                db, sql: Self.consoleStarts(scope), arguments: Self.arguments(scope, [:]))
            // Of the new alerts seen so far, the times of the oldest five.
            var oldest: [Milliseconds] = []
            var quietEnd = now - ConsoleView.memory
            while let row = try rows.next() {
                let id: Int64 = row["id"]
                let at: Milliseconds = row["recorded_ms"]
                if at < now - Self.longestLook { return id }
                guard at <= now - ConsoleView.memory else { continue }
                // Everything in (quietEnd - quiet, quietEnd] was seen, and there were too few of them.
                if at <= quietEnd - ConsoleView.quiet { return id }
                guard Annunciation(cause: row["cause"], to: row["to_state"]) != nil else { continue }
                oldest.append(at)
                if oldest.count == ConsoleView.quietCount { quietEnd = oldest.removeFirst() - 1 }
            }
            return 0
        }
    }

    /// Open alerts of a scope.
    package func openCounts(_ scope: ConsoleScope) throws -> (
        states: [String: Int], priorities: [String: Int]
    ) {
        let rows = try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT a.state, a.priority, count(*) AS count FROM alert a
                    WHERE a.state <> 'normal'\(Self.conditions(scope)) GROUP BY a.state, a.priority
                    """, arguments: Self.arguments(scope, [:]))
        }
        var states: [String: Int] = [:]
        var priorities: [String: Int] = [:]
        for row in rows {
            states[row["state"], default: 0] += row["count"] as Int
            guard AlertState(rawValue: row["state"])?.isOpen == true else { continue }
            priorities[row["priority"], default: 0] += row["count"] as Int
        }
        return (states, priorities)
    }

    private static func consoleEvents(_ scope: ConsoleScope, _ rest: String) -> String {
        """
        SELECT e.id, e.alert, a.rule, a.scope AS device, a.domain, a.ward, a.priority, e.to_state, e.cause, e.recorded_ms,
            a.summary_vi, a.summary_en
        FROM alert_event e JOIN alert a ON a.id = e.alert WHERE true\(conditions(scope)) AND \(rest)
        """
    }

    private static func consoleStarts(_ scope: ConsoleScope) -> String {
        """
        SELECT e.id, e.to_state, e.cause, e.recorded_ms FROM alert_event e CROSS JOIN alert a ON a.id = e.alert
        WHERE true\(conditions(scope)) ORDER BY e.id DESC
        """
    }

    private static func conditions(_ scope: ConsoleScope) -> String {
        let named = [("domain", scope.domain), ("ward", scope.ward), ("priority", scope.priority)]
        return named.map { name, value in value == nil ? "" : " AND a.\(name) = :\(name)" }.joined()
    }

    private static func arguments(_ scope: ConsoleScope, _ others: [String: Int64]) -> StatementArguments {
        var arguments = StatementArguments(others)
        let named = [("domain", scope.domain), ("ward", scope.ward), ("priority", scope.priority)]
        for case (let name, let value?) in named { arguments += [name: value] }
        return arguments
    }
}

extension ConsoleEvent {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], alert: row["alert"], rule: row["rule"], device: row["device"],
            domain: row["domain"],
            ward: row["ward"], priority: AlertPriority(rawValue: row["priority"]) ?? .low,
            state: AlertState(rawValue: row["to_state"]) ?? .normal,
            cause: AlertCause(rawValue: row["cause"]) ?? .condition, recordedMs: row["recorded_ms"],
            summaryVi: row["summary_vi"], summaryEn: row["summary_en"])
    }
}
