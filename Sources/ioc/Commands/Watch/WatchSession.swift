import Catalog
import Console
import Store
import Telemetry

/// The live screen at work: joins keys, the stream and the status to the state, and draws it.
struct WatchSession {
    enum Input: Sendable {
        case terminal(ScreenTerminal.Input)
        /// With the number of the filter it is of.
        case news(StreamNews, Int)
        /// With what was asked for.
        case list(Result<[AlertAnswer], any Error>, Int, isHidden: Bool)
        case status(StatusAnswer?)
        case done(Int64, OperatorAction, Result<Void, any Error>)
        /// About an alert.
        case text(Result<String, any Error>)
        /// The stream of a filter, by its number, will not come back.
        case failed(any Error, Int)
        /// A second has gone by: ages and the clock.
        case tick
    }

    let client: ServiceClient
    /// The first.
    let filter: WatchFilter
    /// nil: alerts can be looked at, but nothing can be done.
    let operatorName: String?
    /// Rules and fleets, to explain alerts with.
    let catalog: CatalogOptions
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
        try await withThrowingDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask { await askStatus(feed) }
            group.addTask { await tick(feed) }
            try await show(inputs, feed, screen, &group)
        }
    }

    private func show(
        _ inputs: AsyncStream<Input>, _ feed: AsyncStream<Input>.Continuation, _ screen: ScreenTerminal,
        _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws {
        var state = WatchState(language: client.language, filter: filter, canAct: operatorName != nil)
        var follower = follow(filter, 0, client, feed)
        defer { follower.cancel() }
        var filters = 0
        var drawn: Int64 = 0
        var isDrawDue = false
        draw(state, screen)
        for await input in inputs {
            for effect in try take(input, filters, &state) {
                let speaking = client.speaking(state.language)
                switch effect {
                case .quit: return
                case .ring: if ringsBell { screen.ring() }
                case .list:
                    group.addTask { [filter = state.filter, hidden = state.showsHidden, filters] in
                        await list(filter, isHidden: hidden, filters, speaking, feed)
                    }
                case .follow:
                    filters += 1
                    follower.cancel()
                    follower = follow(state.filter, filters, speaking, feed)
                case .act(let id, let action, let comment):
                    group.addTask { await act(id, action, comment, speaking, feed) }
                case .explain(let id):
                    group.addTask { [state] in feed.yield(.text(Result { try explain(id, state.language) })) }
                case .history(let id):
                    group.addTask { await history(id, speaking, feed) }
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
                    try? await Task.sleep(for: .microseconds(Self.drawInterval))
                    feed.yield(.tick)
                }
            }
        }
    }

    /// - Parameter filters: the number of the present filter; what comes of an earlier one is not for it.
    private func take(_ input: Input, _ filters: Int, _ state: inout WatchState) throws -> [WatchState.Effect]
    {
        switch input {
        case .terminal(.keys(let keys)):
            let page = WatchScreen.page(Terminal.standardOutput().size?.rows ?? 24)
            return keys.flatMap { state.take($0, page: page) }
        case .terminal(.resized): return []
        case .tick: return state.take(tick: SystemClock.now())
        case .terminal(.ended): return [.quit]
        case .news(let news, let number): return number == filters ? state.take(news) : []
        case .list(let list, let number, let isHidden):
            // One that is no longer wanted is asked for again.
            let isWanted = number == filters && isHidden == state.showsHidden
            return state.take(list: isWanted ? list : .success([]))
        case .status(let status): return state.take(status: status)
        case .done(let id, let action, let result): return state.take(done: id, action, result)
        case .text(let text): state.take(text: text)
        case .failed(let error, let number):
            guard number == filters else { return [] }
            guard let effects = state.refuse(error) else { throw error }
            return effects
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
        screen.draw(lines.map { $0.redrawn(terminal.paint, width: size.columns) })
    }

    private func follow(
        _ filter: WatchFilter, _ number: Int, _ client: ServiceClient,
        _ feed: AsyncStream<Input>.Continuation
    ) -> Task<Void, Never> {
        Task {
            do {
                try await AlertFollower(client: client, parameters: filter.query + [AlertFollower.view]).run {
                    feed.yield(.news($0, number))
                }
            } catch {
                if !Task.isCancelled { feed.yield(.failed(error, number)) }
            }
        }
    }

    private func list(
        _ filter: WatchFilter, isHidden: Bool, _ number: Int, _ client: ServiceClient,
        _ feed: AsyncStream<Input>.Continuation
    ) async {
        let states = AlertState.allCases.filter { isHidden ? $0.isHidden : $0.isOpen }
        let parameters =
            states.map { (name: "state", value: $0.rawValue) } + [
                ("limit", Self.listed), ("lang", client.language.rawValue),
            ]
        do {
            let page = try await client.get(AlertsAnswer.self, "/api/v1/alerts", parameters + filter.query)
            feed.yield(.list(.success(page.alerts), number, isHidden: isHidden))
        } catch {
            feed.yield(.list(.failure(error), number, isHidden: isHidden))
        }
    }

    private func act(
        _ id: Int64, _ action: OperatorAction, _ comment: String?, _ client: ServiceClient,
        _ feed: AsyncStream<Input>.Continuation
    ) async {
        do {
            _ = try await action.send(client, alert: id, operatorName: operatorName ?? "", comment: comment)
            feed.yield(.done(id, action, .success(())))
        } catch {
            feed.yield(.done(id, action, .failure(error)))
        }
    }

    private func explain(_ id: Int64, _ language: Language) throws -> String {
        let explainer = AlertExplainer(
            reader: try .open(client.options.dataDir, language),
            catalog: try catalog.load().selfMonitored())
        let rendering = overlay(language)
        do {
            let (found, rule) = try explainer.explain("\(id)", nil, rendering)
            return AlertExplanationText(found, rule, rendering).text
        } catch let fault as any OperatorFault {
            throw CommandError(fault.sentence[language])
        }
    }

    private func history(
        _ id: Int64, _ client: ServiceClient, _ feed: AsyncStream<Input>.Continuation
    ) async {
        do {
            let detail = try await client.get(
                AlertDetailAnswer.self, "/api/v1/alerts/\(id)", [("lang", client.language.rawValue)])
            feed.yield(
                .text(.success(AlertHistoryText(detail.alert, detail.history, overlay(client.language)).text))
            )
        } catch {
            feed.yield(.text(.failure(error)))
        }
    }

    /// For texts over the list: without colour, and indented by two.
    private func overlay(_ language: Language) -> Rendering {
        let columns = Terminal.standardOutput().size?.columns ?? 80
        return Rendering(
            language: language, width: columns - 2, paint: Paint(isOn: false), clock: clock,
            now: SystemClock.now())
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
