package import Telemetry

/// Recognises messages the broker sends again after a resumed session.
///
/// A broker that crashed may give a used packet id to another message, so ids alone prove nothing: redelivery is
/// recognised as a *run* of (packet id, fingerprint) that continues somewhere in the acknowledgement history. The run
/// ends at the first message that continues none of the places where it may have begun.
package struct ResumeMatcher: Sendable {
    private let history: [Acknowledgement]
    /// Places in the history that the next message may be; nil before the first message.
    private var candidates: [Int]?
    package private(set) var isActive: Bool

    /// - Parameter history: what was committed, oldest first.
    package init(history: [Acknowledgement]) {
        self.history = history
        isActive = !history.isEmpty
    }

    package static let inactive = ResumeMatcher(history: [])

    /// Whether `message` is one of the committed, sent again.
    package mutating func isRedelivery(_ message: Acknowledgement) -> Bool {
        guard isActive else { return false }
        let places: [Int]
        if let candidates {
            places = candidates.filter { $0 < history.count && history[$0] == message }
        } else {
            places = history.indices.filter { history[$0] == message }
        }
        guard !places.isEmpty else {
            self = .inactive
            return false
        }
        candidates = places.map { $0 + 1 }
        return true
    }
}
