import HTTPTypes
import Hummingbird
import HummingbirdCore
import Store
import Telemetry

/// Alert events as they become durable, as server-sent events.
struct AlertStreamRoute: Sendable {
    static let path = "/api/v1/alerts/stream"
    private static let lastEvent = HTTPField.Name("Last-Event-ID")!

    private let reads: StoreReads
    private let feed: AlertFeed
    private let limits: ConsoleLimits
    private let seats: StreamSeats
    private let views: ConsoleViews
    private let now: @Sendable () -> Int64

    init(
        reads: StoreReads, feed: AlertFeed, limits: ConsoleLimits, counters: ConsoleCounters,
        views: ConsoleViews, now: @escaping @Sendable () -> Int64
    ) {
        self.views = views
        self.now = now
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
            ofOperator: request, known: ["domain", "ward", "priority", "view", "last_event_id", "token"])
        let filter = try AlertFilter(query)
        try await reads.short { try $0.check(domain: filter.domain, ward: filter.ward) }
        let isConsole = try query.word("view", of: ["console", "events"]) == "console"
        let asked = try Self.lastEvent(request, query)
        return isConsole ? try console(request, filter, asked) : try await events(request, filter, asked)
    }

    private func events(_ request: Request, _ filter: AlertFilter, _ asked: String?) async throws -> Response
    {
        let last = try asked.map(Self.event)
        let seat = try seat()
        let newest = try await reads.short { try $0.lastAlertEvent() }
        // An id that does not exist yet is of another data directory: begin with what comes, as without an id.
        let start = min(last ?? newest, newest)
        let stream = AlertStream(
            reads: reads, feed: feed, filter: filter, heartbeat: limits.heartbeat, start: start)
        return Self.response(seat) { try await stream.write(to: &$0, until: request.body) }
    }

    private func console(_ request: Request, _ filter: AlertFilter, _ asked: String?) throws -> Response {
        let last = try asked.map(Self.position)
        let seat = try seat()
        let stream = ConsoleStream(
            reads: reads, feed: feed, views: views,
            scope: ConsoleScope(domain: filter.domain, ward: filter.ward, priority: filter.priority),
            now: now, heartbeat: limits.heartbeat, start: last)
        return Self.response(seat) { try await stream.write(to: &$0, until: request.body) }
    }

    private func seat() throws(Fault) -> StreamSeats.Seat {
        if let seat = seats.take() { return seat }
        throw Fault(
            .serviceUnavailable,
            Title(
                vi: "\(Self.path): cả \(seats.count) luồng trực tiếp đều đang có người xem; hãy thử lại",
                en: "\(Self.path): all \(seats.count) live streams are taken; try again"),
            headers: [.retryAfter: "10"])
    }

    private static func response(
        _ seat: StreamSeats.Seat,
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: .ok,
            // Some proxies collect an answer before they pass it on, unless told.
            headers: [.contentType: "text/event-stream", HTTPField.Name("X-Accel-Buffering")!: "no"],
            body: ResponseBody { writer in
                try await write(&writer)
                withExtendedLifetime(seat) {}
                try await writer.finish(nil)
            })
    }

    /// A browser that comes back sends the header, with the query it first came with: the header is newer.
    private static func lastEvent(_ request: Request, _ query: QueryParameters) throws(Fault) -> String? {
        let inQuery = try query.text("last_event_id")
        return request.headers[lastEvent] ?? inQuery
    }

    private static func event(_ text: String) throws(Fault) -> Int64 {
        guard let id = Int64(text), id >= 0 else {
            throw .badRequest("Last-Event-ID: expected the id of an alert event, found \"\(text)\"")
        }
        return id
    }

    private static func position(_ text: String) throws(Fault) -> ConsolePosition {
        guard let position = ConsolePosition(text) else {
            throw .badRequest(
                "Last-Event-ID: expected an id of this view like 1767574923000-17, found \"\(text)\"")
        }
        return position
    }
}
