/// What one person sees of the alerts of a scope: each new one by itself, or, when they come faster than anybody can read,
/// a flood in groups (EEMUA 191, ISA-18.2).
///
/// A function of the stored transitions and the clock, so everybody sees the same, also after a restart. A flood begins
/// with the tenth new alert in ten minutes and ends with fewer than five. It also begins where announcing would make more
/// than ten announcements in ten minutes, and ends only when its end is not one too many: there are never more.
package struct ConsoleView: Sendable {
    /// Announcements in ten minutes.
    package static let most = FloodMeter.begin
    /// Announcements are kept so long for clients that come back.
    package static let memory = Span.hour
    /// With fewer than five alerts in this time a view is at its end what it would be, whatever was before: no flood lasts over
    /// its first half, and all of its second half was announced.
    package static let quiet = 2 * FloodMeter.window
    package static let quietCount = FloodMeter.end

    package private(set) var announcements: [ConsoleAnnouncement] = []
    package private(set) var flood: ConsoleFlood?
    /// When the last one ended, also if its announcement is no longer kept.
    package private(set) var lastFloodEnd: Milliseconds?
    /// The newest transition taken, or the one behind which it begins.
    package private(set) var lastEvent: Int64
    /// New alerts, the last ten.
    private var recent: [ConsoleEvent] = []
    private var now = Milliseconds.min

    /// - Parameter start: the transition behind which it begins; what is stored up to there is never taken.
    package init(after start: Int64 = 0) { lastEvent = start }

    /// The next transition of the scope, in the order they were stored.
    package mutating func take(_ event: ConsoleEvent) {
        advance(to: event.recordedMs)
        lastEvent = max(lastEvent, event.id)
        flood?.follow(event)
        // If they become a flood, it begins with them as they are then.
        for index in recent.indices where recent[index].alert == event.alert {
            recent[index].state = event.state
        }
        guard event.isNew else { return }
        var event = event
        // A clock that was set back does not turn the order around.
        event.recordedMs = now
        recent.append(event)
        if recent.count > FloodMeter.begin { recent.removeFirst() }
        if flood != nil {
            flood?.add(event)
            // Room is left for the end, and for another beginning behind it.
            if event.priority == .critical, announced < Self.most - 2 { announce(.alert, event) }
        } else if rushed.count >= FloodMeter.begin || announced >= Self.most - 1 {
            begin(with: event)
        } else {
            announce(.alert, event)
        }
    }

    /// The clock reached `time`: a flood may have ended on the way.
    package mutating func advance(to time: Milliseconds) {
        now = max(now, time)
        if let flood, let end = floodEnd, end <= now {
            self.flood = nil
            lastFloodEnd = end
            announcements.append(
                ConsoleAnnouncement(kind: .floodEnded, atMs: end, event: lastEvent, count: flood.count))
        }
        announcements.removeAll { $0.atMs + Self.memory <= now }
    }

    /// Announcements of the last ten minutes, the oldest first.
    package var latest: [ConsoleAnnouncement] {
        announcements.filter { $0.atMs + FloodMeter.window > now }
    }

    private var announced: Int { latest.count }

    /// Of the last ten new alerts those of the last ten minutes.
    private var rushed: [ConsoleEvent] { recent.filter { $0.recordedMs + FloodMeter.window > now } }

    /// When the flood ends if nothing else comes; nil without one.
    private var floodEnd: Milliseconds? {
        guard flood != nil else { return nil }
        let fewer = recent.count < FloodMeter.end ? .min : recent[recent.count - FloodMeter.end].recordedMs
        let silent = Self.most - 1
        let quieter =
            announcements.count < silent ? .min : announcements[announcements.count - silent].atMs
        return max(fewer, quieter) + FloodMeter.window
    }

    private mutating func begin(with event: ConsoleEvent) {
        // The alerts that made it a flood belong to it: the first of them says most about the cause.
        flood = ConsoleFlood(rushed, since: now)
        announce(.floodBegan, event)
    }

    private mutating func announce(_ kind: ConsoleAnnouncement.Kind, _ event: ConsoleEvent) {
        announcements.append(
            ConsoleAnnouncement(
                kind: kind, atMs: now, event: event.id, alert: event,
                count: kind == .alert ? nil : flood?.count))
    }
}
