/// A console's view at a moment, as clients get it.
package struct ConsolePicture: Sendable, Equatable, Codable {
    package var isFlood: Bool
    /// Since when it is flood.
    package var sinceMs: Milliseconds?
    /// Alerts of the flood.
    package var count: Int
    /// Of the last ten minutes, the oldest first.
    package var announcements: [ConsoleAnnouncement]
    package var pinned: [ConsoleEvent]
    /// Critical ones beyond those that are pinned.
    package var morePinned: Int
    package var groups: [ConsoleGroup]
    /// Open alerts of the scope by state and by priority, flood or not.
    package var open: [String: Int]
    package var priorities: [String: Int]
    /// The newest transition of the scope that is in it.
    package var lastEvent: Int64

    package init(_ view: ConsoleView, open: [String: Int], priorities: [String: Int]) {
        let pinned = view.flood?.pinned
        isFlood = view.flood != nil
        sinceMs = view.flood?.since
        count = view.flood?.count ?? 0
        announcements = view.latest
        self.pinned = pinned?.shown ?? []
        morePinned = pinned?.more ?? 0
        groups = view.flood?.folded ?? []
        self.open = open
        self.priorities = priorities
        lastEvent = view.lastEvent
    }
}
