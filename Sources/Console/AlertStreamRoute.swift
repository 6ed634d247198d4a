import HTTPTypes
import Hummingbird
import Store

/// Alert events as they become durable, as server-sent events.
struct AlertStreamRoute: Sendable {
    static let path = "/api/v1/alerts/stream"
    private static let lastEvent = HTTPField.Name("Last-Event-ID")!

    private let reads: StoreReads
    private let feed: AlertFeed
    private let limits: ConsoleLimits
    private let seats: StreamSeats

    init(reads: StoreReads, feed: AlertFeed, limits: ConsoleLimits, counters: ConsoleCounters) {
        self.reads = reads
        self.feed = feed
        self.limits = limits
        seats = StreamSeats(count: limits.streams, counters: counters)
    }

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, Self.path, to: router) { request, _ in try await open(request) }
    }

    private func open(_ request: Request) async throws -> Response {
        let query = try QueryParameters(
            request, known: ["domain", "ward", "priority", "last_event_id", "token"])
        let filter = try AlertFilter(query)
        let asked = try Self.lastEvent(request, query)
        guard let seat = seats.take() else {
            throw Fault.unavailable(
                "\(Self.path): all \(seats.count) live streams are taken; try again", retryAfter: 10)
        }
        let newest = try await reads.short { try $0.lastAlertEvent() }
        // An id that does not exist yet is of another data directory: begin with what comes, as without an id.
        let start = min(asked ?? newest, newest)
        let stream = AlertStream(
            reads: reads, feed: feed, filter: filter, heartbeat: limits.heartbeat, start: start)
        return Response(
            status: .ok,
            // Some proxies collect an answer before they pass it on, unless told.
            headers: [.contentType: "text/event-stream", HTTPField.Name("X-Accel-Buffering")!: "no"],
            body: ResponseBody { writer in
                try await stream.write(to: &writer, until: request.body)
                withExtendedLifetime(seat) {}
                try await writer.finish(nil)
            })
    }

    /// A browser that comes back sends the header, with the query it first came with: the header is newer.
    private static func lastEvent(_ request: Request, _ query: QueryParameters) throws(Fault) -> Int64? {
        let inQuery = try query.text("last_event_id")
        guard let text = request.headers[lastEvent] ?? inQuery else { return nil }
        guard let id = Int64(text), id >= 0 else {
            throw .badRequest("Last-Event-ID: expected the id of an alert event, found \"\(text)\"")
        }
        return id
    }
}
