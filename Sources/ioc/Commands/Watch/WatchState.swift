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
        case act(Int64, OperatorAction, comment: String?)
        /// Ask for the alerts of the list.
        case list
        case explain(Int64)
        case history(Int64)
        /// The filter is another: listen anew.
        case follow
        case ring
        case quit
    }

    static let keptNews = 8

    var language: Language
    var filter: WatchFilter
    var selection = Selection()
    /// The outcome of the last action.
    var message = ""
    var prompt: WatchPrompt?
    var overlay: WatchOverlay?
    var bell = WatchBell()
    /// In a flood: groups, or single alerts all the same.
    var showsGroups = true
    /// Those that are set aside, instead of the open ones.
    var showsHidden = false
    private(set) var link = Link.connecting
    private(set) var alerts: [OpenAlert] = []
    private(set) var picture: ConsolePicture?
    /// What was announced, the newest first.
    private(set) var news: [ConsoleAnnouncement] = []
    private(set) var status: StatusAnswer?
    /// As the service told last: a filter is understood while it is out of reach, too.
    private(set) var domains: [String] = []
    /// What was looked at before the filter that the service has not taken yet.
    private var formerFilter: WatchFilter?
    private var isListing = false
    private var needsList = true

    /// Whether it is known who the operator is.
    let canAct: Bool

    init(language: Language, filter: WatchFilter = WatchFilter(), canAct: Bool = true) {
        self.language = language
        self.filter = filter
        self.canAct = canAct
    }

    /// Whether groups are on the screen.
    var isGrouped: Bool { showsGroups && !showsHidden && picture?.isFlood == true }

    /// What can be selected: the list, or what is pinned above the groups.
    var rows: [OpenAlert] { isGrouped ? (picture?.pinned ?? []).map(OpenAlert.init) : alerts }

    var selected: OpenAlert? { rows.first { $0.id == selection.id } }

    mutating func take(_ news: StreamNews) -> [Effect] {
        switch news {
        case .open:
            link = .open
            formerFilter = nil
            return ask()
        case .lost(let failure, let wait):
            var failure = failure
            failure.language = language
            link = .lost("\(failure.brief); \(RetryDelay.sentence(wait, language))")
            return []
        case .event: return []
        case .announcement(let announcement):
            self.news.insert(announcement, at: 0)
            if self.news.count > Self.keptNews { self.news.removeLast() }
            return announcement.kind != .floodEnded && bell.announce() ? [.ring] : []
        case .picture(let picture):
            let isNews = picture.lastEvent != self.picture?.lastEvent
            self.picture = picture
            // What was announced before anybody listened.
            if self.news.isEmpty { self.news = picture.announcements.suffix(Self.keptNews).reversed() }
            selection.keep(in: rows)
            if (picture.open[AlertState.unacknowledged.rawValue] ?? 0) == 0 { bell.quieten() }
            return isNews ? ask() : []
        }
    }

    /// The alerts of the list, or why they are not known.
    mutating func take(list: Result<[AlertAnswer], any Error>) -> [Effect] {
        isListing = false
        switch list {
        case .success(let answers):
            alerts = ConsoleOrder.sorted(answers.compactMap(OpenAlert.init))
            selection.keep(in: rows)
            // Something has happened while it was on its way.
            return needsList ? ask() : []
        case .failure(let error):
            needsList = true
            message = "\(error)"
            return []
        }
    }

    mutating func take(status: StatusAnswer?) -> [Effect] {
        self.status = status
        if let status { domains = status.floods.map(\.domain) }
        return status != nil && needsList && !isListing ? ask() : []
    }

    /// What became of an action.
    mutating func take(done id: Int64, _ action: OperatorAction, _ result: Result<Void, any Error>)
        -> [Effect]
    {
        switch result {
        case .success:
            bell.quieten()
            message =
                switch action {
                case .acknowledge: language(vi: "đã tiếp nhận #\(id)", en: "acknowledged #\(id)")
                case .unacknowledge: language(vi: "đã bỏ tiếp nhận #\(id)", en: "took back #\(id)")
                case .shelve: language(vi: "đã gác #\(id)", en: "shelved #\(id)")
                case .unshelve: language(vi: "đã thôi gác #\(id)", en: "unshelved #\(id)")
                case .reset: language(vi: "đã đặt lại #\(id)", en: "reset #\(id)")
                }
            return ask()
        case .failure(let error):
            message = "\(error)"
            return []
        }
    }

    /// What was asked for about an alert.
    mutating func take(text: Result<String, any Error>) {
        switch text {
        case .success(let text):
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            overlay = WatchOverlay(.text(lines.last == "" ? lines.dropLast() : lines))
        case .failure(let error): message = "\(error)"
        }
    }

    mutating func take(tick now: Milliseconds) -> [Effect] { bell.tick(now) ? [.ring] : [] }

    /// The list is another: what was in it is no longer shown.
    mutating func forgetList() -> [Effect] {
        alerts = []
        selection = Selection()
        return ask()
    }

    mutating func look(at wanted: WatchFilter) -> [Effect] {
        formerFilter = formerFilter ?? filter
        filter = wanted
        return forgetAll()
    }

    /// The service will not have the filter: back to the one before.
    /// - Returns: nil if there is none.
    mutating func refuse(_ error: any Error) -> [Effect]? {
        guard let formerFilter else { return nil }
        self.formerFilter = nil
        filter = formerFilter
        let effects = forgetAll()
        message = "\(error)"
        return effects
    }

    /// The filter is another: all that was heard is of the other.
    private mutating func forgetAll() -> [Effect] {
        picture = nil
        news = []
        bell.quieten()
        return forgetList() + [.follow]
    }

    private mutating func ask() -> [Effect] {
        needsList = isListing
        guard !isListing else { return [] }
        isListing = true
        return [.list]
    }
}
