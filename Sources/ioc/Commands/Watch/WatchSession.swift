import Console
import Store
import Telemetry

/// The live screen at work: joins keys, the stream and the status to the state, and draws it.
struct WatchSession {
    enum Input: Sendable {
        case terminal(ScreenTerminal.Input)
        case news(StreamNews)
        case list(Result<[AlertAnswer], any Error>)
        case status(StatusAnswer?)
        case acknowledged(Int64, Result<Void, any Error>)
        /// The stream will not come back.
        case failed(any Error)
        /// A second has gone by: ages and the clock.
        case tick
    }

    let client: ServiceClient
    let filter: ServiceClient.Parameters
    /// nil: alerts can be looked at, but not acknowledged.
    let operatorName: String?
    let ringsBell: Bool
    let clock: LocalTime

    private static let statusInterval = Duration.seconds(2)
    /// Faster than this nobody reads.
    private static let drawInterval: Int64 = 50_000
    private static let listed = "1000"

    /// Returns when the operator quits.
    /// - Throws: `ServiceFailure` that waiting does not mend.
    func run() async throws {
        let (inputs, feed) = AsyncStream.makeStream(of: Input.self)
        let screen = ScreenTerminal { feed.yield(.terminal($0)) }
        defer { screen.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await follow(feed) }
            group.addTask { await askStatus(feed) }
            group.addTask { await tick(feed) }
            try await show(inputs, feed, screen, &group)
        }
    }

    private func show(
        _ inputs: AsyncStream<Input>, _ feed: AsyncStream<Input>.Continuation, _ screen: ScreenTerminal,
        _ group: inout ThrowingTaskGroup<Void, any Error>
    ) async throws {
        var state = WatchState(language: client.language, canAcknowledge: operatorName != nil)
        var drawn: Int64 = 0
        var isDrawDue = false
        draw(state, screen)
        for await input in inputs {
            for effect in try take(input, &state) {
                switch effect {
                case .quit: return
                case .ring: if ringsBell { screen.ring() }
                case .list: group.addTask { await list(feed) }
                case .acknowledge(let id): group.addTask { await acknowledge(id, feed) }
                }
            }
            let now = SystemClock.ticks()
            if now - drawn >= Self.drawInterval {
                draw(state, screen)
                drawn = now
                isDrawDue = false
            } else if !isDrawDue {
                isDrawDue = true
                group.addTask {
                    try await Task.sleep(for: .microseconds(Self.drawInterval))
                    feed.yield(.tick)
                }
            }
        }
    }

    private func take(_ input: Input, _ state: inout WatchState) throws -> [WatchState.Effect] {
        switch input {
        case .terminal(.keys(let keys)):
            let page = WatchScreen.page(Terminal.standardOutput().size?.rows ?? 24)
            return keys.flatMap { state.take($0, page: page) }
        case .terminal(.resized), .tick: return []
        case .terminal(.ended): return [.quit]
        case .news(let news): return state.take(news)
        case .list(let list): state.take(list: list)
        case .status(let status): return state.take(status: status)
        case .acknowledged(let id, let result): state.take(acknowledged: id, result)
        case .failed(let error): throw error
        }
        return []
    }

    private func draw(_ state: WatchState, _ screen: ScreenTerminal) {
        let terminal = Terminal.standardOutput()
        let size = terminal.size ?? (80, 24)
        let rendering = Rendering(
            language: state.language, width: size.columns, paint: terminal.paint, clock: clock,
            now: SystemClock.now())
        let address = client.options.base.split(separator: "/").last.map(String.init) ?? client.options.base
        let lines = WatchScreen(state: state, rendering: rendering, size: size, address: address).lines()
        screen.draw(lines.map { $0.painted(terminal.paint) })
    }

    private func follow(_ feed: AsyncStream<Input>.Continuation) async {
        do {
            try await AlertFollower(client: client, parameters: filter).run { feed.yield(.news($0)) }
        } catch {
            if !Task.isCancelled { feed.yield(.failed(error)) }
        }
    }

    private func list(_ feed: AsyncStream<Input>.Continuation) async {
        struct Page: Decodable { var alerts: [AlertAnswer] }
        do {
            let page = try await client.get(
                Page.self, "/api/v1/alerts", [("open", "true"), ("limit", Self.listed)] + filter)
            feed.yield(.list(.success(page.alerts)))
        } catch {
            feed.yield(.list(.failure(error)))
        }
    }

    private func acknowledge(_ id: Int64, _ feed: AsyncStream<Input>.Continuation) async {
        do {
            _ = try await OperatorAction.acknowledge.send(
                client, alert: id, operatorName: operatorName ?? "", comment: nil)
            feed.yield(.acknowledged(id, .success(())))
        } catch {
            feed.yield(.acknowledged(id, .failure(error)))
        }
    }

    private func askStatus(_ feed: AsyncStream<Input>.Continuation) async {
        while !Task.isCancelled {
            let answer = try? await client.get(StatusAnswer.self, "/api/v1/status")
            feed.yield(.status(answer))
            try? await Task.sleep(for: Self.statusInterval)
        }
    }

    private func tick(_ feed: AsyncStream<Input>.Continuation) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            feed.yield(.tick)
        }
    }
}
