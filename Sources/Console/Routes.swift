import Foundation
import HTTPTypes
import Hummingbird

/// All paths of the console.
struct Routes: Sendable {
    let sources: ConsoleSources
    let reads: StoreReads
    let token: AccessToken
    let now: @Sendable () -> Int64
    let limits: ConsoleLimits
    let counters: ConsoleCounters

    typealias Context = BasicRequestContext
    typealias Handler = @Sendable (Request, Context) async throws -> Response

    func router() -> Router<Context> {
        let router = Router(context: Context.self)
        router.add(middleware: SafeHeaders())
        router.add(middleware: FaultAnswers())
        Self.add(.get, "/healthz", to: router) { request, _ in
            _ = try QueryParameters(request, known: [])
            return .text("ok")
        }
        // A router's middleware is for the paths added after it: from here on a token is needed, for unknown paths too.
        router.add(middleware: TokenGate(token: token, pathWithQueryToken: AlertStreamRoute.path))
        ServiceRoutes(sources: sources, reads: reads).add(to: router)
        let views = sources.views
        HandoverRoute(reads: reads, now: now, write: sources.handover).add(to: router)
        AlertRoutes(reads: reads, now: now, views: views).add(to: router)
        AlertStreamRoute(
            reads: reads, feed: sources.feed, limits: limits, counters: counters, views: views, now: now
        ).add(to: router)
        AlertCommandRoutes(reads: reads, now: now, command: sources.command, names: sources.names).add(
            to: router)
        RegimeRoutes(reads: reads, switch: sources.switchRegime, names: sources.names).add(to: router)
        ValueRoutes(reads: reads, now: now).add(to: router)
        RegistryRoutes(reads: reads).add(to: router)
        NotificationRoutes(reads: reads).add(to: router)
        return router
    }

    /// What a path names in a place of its template: the router leaves it as the client escaped it, like the colon of a group.
    static func name(_ place: String, _ context: Context) throws -> String {
        let text = try context.parameters.require(place)
        return text.removingPercentEncoding ?? text
    }

    /// Adds a path that has one method; Hummingbird would answer 404 to the others.
    static func add(
        _ method: HTTPRequest.Method, _ path: String, to router: Router<Context>, _ handler: @escaping Handler
    ) {
        router.on(RouterPath(path), method: method, use: handler)
        let others: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        for other in others where other != method {
            router.on(RouterPath(path), method: other) { request, _ -> Response in
                throw Fault(
                    .methodNotAllowed,
                    "\(request.uri.path): cannot \(request.method.rawValue); use \(method.rawValue)",
                    headers: [.allow: method.rawValue])
            }
        }
    }
}
