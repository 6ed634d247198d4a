import HTTPTypes
import Hummingbird
import Store
import Telemetry

/// Alerts as a list, and one with its history.
struct AlertRoutes: Sendable {
    let reads: StoreReads
    let now: @Sendable () -> Int64
    let views: ConsoleViews

    static let priorities = AlertPriority.allCases.map(\.rawValue)

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, "/api/v1/alerts", to: router) { request, _ in try await list(request) }
        Routes.add(.get, "/api/v1/alerts/scoreboard", to: router) { request, _ in
            try await scoreboard(request)
        }
        Routes.add(.get, "/api/v1/alerts/console", to: router) { request, _ in try await console(request) }
        Routes.add(.get, "/api/v1/alerts/:id", to: router) { request, context in
            _ = try QueryParameters(ofOperator: request)
            let id = try Self.id(context)
            return try .json(try await reads.short { reader in try Self.detail(id, reader) })
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try QueryParameters(
            ofOperator: request,
            known: ["open", "state", "chattering", "stale", "domain", "ward", "priority", "limit"])
        let isOpen = try query.flag("open") ?? true
        let states = try query.words("state", of: AlertState.allCases.map(\.rawValue))
        let domain = try query.text("domain")
        let ward = try query.text("ward")
        let priority = try query.word("priority", of: Self.priorities)
        let limit = try query.number("limit", in: 1...ConsoleLimits.rows) ?? 1_000
        try await reads.short { try $0.check(domain: domain, ward: ward) }
        if try query.flag("chattering") ?? false {
            let time = now()
            let found = try await reads.long {
                try $0.chatteringAlerts(in: time - Span.day..<time, domain: domain, ward: ward)
            }
            return try Self.answer(found, priority, limit)
        }
        if try query.flag("stale") ?? false {
            let start = now() - Span.day
            let found = try await reads.long { try $0.staleAlerts(before: start, domain: domain, ward: ward) }
            return try Self.answer(found, priority, limit)
        }
        let found = try await reads.short { reader in
            try reader.alerts(
                isOpen: isOpen, states: states, domain: domain, ward: ward, priority: priority,
                limit: limit + 1)
        }
        return try Self.answer(found, nil, limit)
    }

    private static func answer(_ found: [AlertAnswer], _ priority: String?, _ limit: Int) throws -> Response {
        let wanted = found.filter { (priority ?? $0.priority) == $0.priority }
        return try .json(
            AlertsAnswer(alerts: Array(wanted.prefix(limit)), truncated: wanted.count > limit))
    }

    private func scoreboard(_ request: Request) async throws -> Response {
        let query = try QueryParameters(ofOperator: request, known: ["from", "to", "domain", "ward"])
        let time = now()
        let range = try TimeRange(query, now: time)
        let domain = try query.text("domain")
        let ward = try query.text("ward")
        return try .json(
            try await reads.long { reader in
                try reader.check(domain: domain, ward: ward)
                return try reader.scoreboard(
                    over: range.from..<range.to, domain: domain, ward: ward, at: time)
            })
    }

    private func console(_ request: Request) async throws -> Response {
        let query = try QueryParameters(ofOperator: request, known: ["domain", "ward", "priority"])
        let scope = ConsoleScope(
            domain: try query.text("domain"), ward: try query.text("ward"),
            priority: try query.word("priority", of: Self.priorities))
        return try .json(
            try await reads.short { reader in
                try reader.check(domain: scope.domain, ward: scope.ward)
                return try views.picture(scope, reader, at: now())
            })
    }

    private static func detail(_ id: Int64, _ reader: StoreReader) throws -> AlertDetailAnswer {
        AlertDetailAnswer(alert: try reader.knownAlert(id: id), history: try reader.history(ofAlert: id))
    }

    static func id(_ context: Routes.Context) throws(UnknownAlert) -> Int64 {
        let text = context.parameters.get("id") ?? ""
        guard let id = Int64(text) else { throw UnknownAlert(id: text) }
        return id
    }
}
