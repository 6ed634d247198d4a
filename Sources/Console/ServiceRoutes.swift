import HTTPTypes
import Hummingbird

/// How the service is: `/readyz`, `/metrics`, `/api/v1/status`.
struct ServiceRoutes: Sendable {
    let sources: ConsoleSources
    let reads: StoreReads

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, "/readyz", to: router) { request, _ in
            _ = try QueryParameters(request, known: [])
            guard sources.isReady() else {
                throw Fault.unavailable(
                    "not ready: it recovers, has no broker, or cannot commit; /api/v1/status says which",
                    retryAfter: 5)
            }
            return .text("ready")
        }
        Routes.add(.get, "/metrics", to: router) { request, _ in
            _ = try QueryParameters(request, known: [])
            return .text(
                MetricsText.write(try await reads.short { _ in try sources.metrics() }),
                type: MetricsText.type)
        }
        Routes.add(.get, "/api/v1/status", to: router) { request, _ in
            _ = try QueryParameters(request, known: [])
            return try .json(try await reads.short { _ in try sources.status() })
        }
    }
}
