import AsyncHTTPClient
import Console
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Store
import Testing

/// A console on a free port, with a client that knows its token.
struct RunningConsole: Sendable {
    static let token = "0123456789abcdef0123456789abcdef"

    let port: Int
    let city: StandIn
    let counters: ConsoleCounters

    /// Runs it for the time of `body`, then stops it gracefully, within the two seconds it promises.
    /// - Parameter sources: nil for those of a stand-in.
    static func run(
        limits: ConsoleLimits = ConsoleLimits(), isReady: Bool = true, sources: ConsoleSources? = nil,
        now: @escaping @Sendable () -> Int64 = { midnight + 86_400_000 },
        _ body: @Sendable (RunningConsole) async throws -> Void
    ) async throws {
        let city = try StandIn()
        let counters = ConsoleCounters()
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let console = Console(
            sources: sources ?? city.sources(isReady: isReady), host: "127.0.0.1", port: 0, token: token,
            logger: nil,
            now: now, limits: limits, counters: counters,
            onServerRunning: { running.yield($0.port) })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [console], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body(RunningConsole(port: port, city: city, counters: counters)))
            } catch {
                outcome = .failure(error)
            }
            let clock = ContinuousClock()
            let stopping = clock.now
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            // On an idle machine 1.5 s at most; here only that nothing hangs.
            #expect(stopping.duration(to: clock.now) < .seconds(30))
            try outcome.get()
        }
        try city.store.close()
    }

    func get(_ path: String, token: String? = Self.token) async throws -> Answer {
        try await send("GET", path, token: token)
    }

    func post(_ path: String, _ body: String) async throws -> Answer {
        try await send("POST", path, token: Self.token, body: body)
    }

    func send(_ method: String, _ path: String, token: String? = Self.token, body: String? = nil)
        async throws
        -> Answer
    {
        let response = try await HTTPClient.shared.execute(
            request(method, path, token: token, body: body), timeout: .seconds(20))
        return Answer(
            status: Int(response.status.code),
            headers: Dictionary(
                response.headers.map { ($0.name.lowercased(), $0.value) },
                uniquingKeysWith: { $0 + ", " + $1 }),
            text: String(buffer: try await response.body.collect(upTo: 64 << 20)))
    }

    /// What an answer says, as it comes.
    func body(of path: String) async throws -> HTTPClientResponse.Body {
        try await HTTPClient.shared.execute(
            request("GET", path, token: Self.token), timeout: .seconds(60)
        ).body
    }

    struct Refused: Error {
        var status: Int
    }

    /// Opens the live stream.
    /// - Throws: `Refused` if the console does not.
    func stream(_ query: String = "", lastEvent: Int64? = nil, token: String? = Self.token) async throws
        -> LiveStream
    {
        var request = request("GET", "/api/v1/alerts/stream" + query, token: token)
        if let lastEvent { request.headers.add(name: "Last-Event-ID", value: "\(lastEvent)") }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        guard response.status == .ok else { throw Refused(status: Int(response.status.code)) }
        #expect(response.headers.first(name: "content-type") == "text/event-stream")
        return LiveStream(response.body)
    }

    private func request(_ method: String, _ path: String, token: String?, body: String? = nil)
        -> HTTPClientRequest
    {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        return request
    }
}

struct Answer: Sendable {
    var status: Int
    /// By name in lower case.
    var headers: [String: String]
    var text: String

    func header(_ name: String) -> String? { headers[name.lowercased()] }

    func decoded<Body: Decodable>(_ type: Body.Type = Body.self) throws -> Body {
        try AnswerCoding.decoder.decode(type, from: Data(text.utf8))
    }

    /// The sentence of a fault.
    var fault: String { (try? decoded([String: String].self)["error"]) ?? "no fault: \(text)" }
}
