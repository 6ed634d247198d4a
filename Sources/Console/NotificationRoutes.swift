import HTTPTypes
import Hummingbird
import Store
import Telemetry

/// What receivers outside were told, and what not yet.
struct NotificationRoutes: Sendable {
    let reads: StoreReads

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, "/api/v1/notifications", to: router) { request, _ in try await list(request) }
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try QueryParameters(request, known: ["state", "receiver", "limit"])
        let state = try query.word("state", of: NotificationState.allCases.map(\.rawValue))
        let receiver = try query.text("receiver")
        let limit = try query.number("limit", in: 1...ConsoleLimits.rows) ?? 100
        let found = try await reads.long {
            try $0.notifications(state: state, receiver: receiver, limit: limit + 1)
        }
        return try .json(
            NotificationsAnswer(
                notifications: Array(found.prefix(limit)), truncated: found.count > limit))
    }
}
