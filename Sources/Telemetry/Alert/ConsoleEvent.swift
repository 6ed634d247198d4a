/// A transition of an alert as a console takes it.
package struct ConsoleEvent: Sendable, Equatable, Codable {
    package var id: Int64
    package var alert: Int64
    package var rule: String
    package var device: String
    package var domain: String
    package var ward: String
    package var priority: AlertPriority
    /// After it.
    package var state: AlertState
    package var cause: AlertCause
    /// When it was recorded, for that is when somebody had to look.
    package var recordedMs: Milliseconds
    package var summaryVi: String
    package var summaryEn: String

    /// Characters of a summary: forty of them and their alerts are a page of 32 KiB.
    private static let summaryLength = 100

    package init(
        id: Int64, alert: Int64, rule: String, device: String, domain: String, ward: String,
        priority: AlertPriority, state: AlertState, cause: AlertCause, recordedMs: Milliseconds,
        summaryVi: String, summaryEn: String
    ) {
        self.id = id
        self.alert = alert
        self.rule = rule
        self.device = device
        self.domain = domain
        self.ward = ward
        self.priority = priority
        self.state = state
        self.cause = cause
        self.recordedMs = recordedMs
        self.summaryVi = Self.cut(summaryVi)
        self.summaryEn = Self.cut(summaryEn)
    }

    private static func cut(_ text: String) -> String {
        text.count > summaryLength ? text.prefix(summaryLength - 1) + "…" : text
    }

    package var isNew: Bool { Annunciation(cause, to: state) != nil }
}

/// What a console tells its operator with a bell and a line of its own.
package struct ConsoleAnnouncement: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        case alert
        case floodBegan = "flood-began"
        case floodEnded = "flood-ended"
    }

    package var kind: Kind
    package var atMs: Milliseconds
    /// The newest transition there was; with the time it is unique.
    package var event: Int64
    /// The new one; when a flood begins, the one with which it did; none when it ends.
    package var alert: ConsoleEvent?
    /// Alerts of the flood, when it begins or ends.
    package var count: Int?

    /// What a stream resumes behind: announcements are in the order of this.
    package var position: ConsolePosition { ConsolePosition(atMs: atMs, event: event) }
}

/// A place in what a console announces, written as `1767574923000-17`.
package struct ConsolePosition: Sendable, Equatable, Comparable, CustomStringConvertible {
    package var atMs: Milliseconds
    package var event: Int64

    package init(atMs: Milliseconds, event: Int64) {
        self.atMs = atMs
        self.event = event
    }

    /// nil if `text` is no place.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let atMs = Milliseconds(parts[0]), let event = Int64(parts[1]) else {
            return nil
        }
        self.init(atMs: atMs, event: event)
    }

    package var description: String { "\(atMs)-\(event)" }

    package static func < (left: ConsolePosition, right: ConsolePosition) -> Bool {
        (left.atMs, left.event) < (right.atMs, right.event)
    }
}
