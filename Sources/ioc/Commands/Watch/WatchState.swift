import Console
import Store
import Telemetry

/// Everything the live screen shows, and how it changes: no clock, no terminal, no network.
struct WatchState: Sendable {
    enum Link: Sendable {
        case connecting
        case open
        /// With the sentence that says why and when it is tried again.
        case lost(String)
    }

    /// What is to be done after a change.
    enum Effect: Sendable, Equatable {
        case acknowledge(Int64)
        /// Ask for all open alerts.
        case list
        case ring
        case quit
    }

    static let keptEvents = 8

    var language: Language
    private(set) var link = Link.connecting
    private(set) var alerts: [OpenAlert] = []
    private(set) var selection = Selection()
    /// The newest first.
    private(set) var events: [AlertEventAnswer] = []
    private(set) var status: StatusAnswer?
    /// The outcome of the last action.
    private(set) var message = ""
    /// Events since all open alerts were asked for: the answer may be older than they are.
    private var sinceListing: [AlertEventAnswer] = []
    private var isListing = false
    private var needsList = true

    /// Whether it is known who the operator is.
    private let canAcknowledge: Bool

    init(language: Language, canAcknowledge: Bool = true) {
        self.language = language
        self.canAcknowledge = canAcknowledge
    }

    mutating func take(_ news: StreamNews) -> [Effect] {
        switch news {
        case .open:
            link = .open
            return ask()
        case .lost(let failure, let wait):
            link = .lost("\(failure.brief); \(RetryDelay.sentence(wait, language))")
            return []
        case .event(let event, _):
            events.insert(event, at: 0)
            if events.count > Self.keptEvents { events.removeLast() }
            if isListing { sinceListing.append(event) }
            apply(event)
            let isNew =
                event.toState == AlertState.unacknowledged.rawValue
                && [AlertCause.condition, .shelfEnded].map(\.rawValue).contains(event.cause)
            return isNew ? [.ring] : []
        }
    }

    /// All open alerts, or why they are not known.
    mutating func take(list: Result<[AlertAnswer], any Error>) {
        isListing = false
        switch list {
        case .success(let answers):
            needsList = false
            alerts = ConsoleOrder.sorted(answers.compactMap(OpenAlert.init))
            for event in sinceListing { apply(event) }
            selection.keep(in: alerts)
        case .failure(let error):
            needsList = true
            message = "\(error)"
        }
        sinceListing = []
    }

    mutating func take(status: StatusAnswer?) -> [Effect] {
        self.status = status
        return status != nil && needsList && !isListing ? ask() : []
    }

    /// What became of an acknowledgement.
    mutating func take(acknowledged id: Int64, _ result: Result<Void, any Error>) {
        switch result {
        case .success: message = language(vi: "đã tiếp nhận #\(id)", en: "acknowledged #\(id)")
        case .failure(let error): message = "\(error)"
        }
    }

    /// - Parameter page: rows of alerts on the screen.
    mutating func take(_ key: Key, page: Int) -> [Effect] {
        message = ""
        switch key {
        case .interrupt, .letter("q"): return [.quit]
        case .up, .letter("k"): selection.move(by: -1, in: alerts)
        case .down, .letter("j"): selection.move(by: 1, in: alerts)
        case .pageUp: selection.move(by: -page, in: alerts)
        case .pageDown: selection.move(by: page, in: alerts)
        case .first: selection.move(by: -alerts.count, in: alerts)
        case .last: selection.move(by: alerts.count, in: alerts)
        case .letter("t"): language = language.other
        case .letter("a"): return acknowledge()
        case .letter: break
        }
        return []
    }

    private mutating func acknowledge() -> [Effect] {
        guard canAcknowledge else {
            message = language(
                vi: "chưa biết bạn là ai: chạy với --operator TÊN",
                en: "who are you? Start with --operator NAME")
            return []
        }
        guard let alert = alerts.first(where: { $0.id == selection.id }) else {
            message = language(vi: "chưa chọn cảnh báo nào: dùng ↑ ↓", en: "no alert is selected: use ↑ ↓")
            return []
        }
        // The next one below, so that it does not follow this one to the acknowledged.
        selection.move(by: 1, in: alerts)
        guard alert.state != .acknowledged else {
            message = language(
                vi: "#\(alert.id) đã được tiếp nhận rồi", en: "#\(alert.id) is acknowledged already")
            return []
        }
        message = language(vi: "đang tiếp nhận #\(alert.id) …", en: "acknowledging #\(alert.id) …")
        return [.acknowledge(alert.id)]
    }

    private mutating func ask() -> [Effect] {
        isListing = true
        sinceListing = []
        return [.list]
    }

    private mutating func apply(_ event: AlertEventAnswer) {
        let before = alerts.firstIndex { $0.id == event.alert }
        let alert = OpenAlert(event, before: before.map { alerts[$0] })
        if let before { alerts.remove(at: before) }
        if let alert, alert.state.isOpen {
            let place = alerts.firstIndex { ConsoleOrder.precedes(alert, $0) } ?? alerts.endIndex
            alerts.insert(alert, at: place)
        }
        selection.keep(in: alerts)
    }
}
