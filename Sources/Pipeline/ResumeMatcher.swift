package import Telemetry

/// Recognises messages the broker sends again after a resumed session.
///
/// A broker that crashed may give a used packet id to another message, so ids alone prove nothing: redelivery is
/// recognised as a *run* of (packet id, fingerprint) that continues somewhere in the acknowledgement history. Where a
/// crashed broker has forgotten what was once committed, the run goes on further down: the order stays the same. It ends
/// where the history ends, and at the first message that continues none of the places where it may have begun.
///
/// Bytes that occur once in the history begin a run anywhere. Others do so only as far back as a broker queues: packet ids
/// come round after 65 535 messages, and a sensor that says the same for ever looks then as it did before.
package struct ResumeMatcher: Sendable {
    /// More than a broker keeps for one session: with more, it would run out of packet ids.
    package static let maximumQueued = 60_000

    private let history: [Acknowledgement]
    private let queued: Int
    /// Places in the history that the next message may be; nil before the first.
    private var candidates: [Int]?
    package private(set) var isActive: Bool
    /// Messages that may prove nothing: each costs a look at the whole history.
    private var patience = 100

    /// - Parameters:
    ///   - history: what was committed, oldest first.
    ///   - queued: how many messages a broker keeps at most.
    package init(history: [Acknowledgement], queued: Int = maximumQueued) {
        self.history = history
        self.queued = queued
        isActive = !history.isEmpty
    }

    package static let inactive = ResumeMatcher(history: [])

    /// Whether `message` is one of the committed, sent again.
    package mutating func isRedelivery(_ message: Acknowledgement) -> Bool {
        guard isActive else { return false }
        if let candidates {
            // Once all that was committed has come again, what follows is new, also where it looks like something older.
            guard !candidates.contains(history.count) else { return end() }
            var places = candidates.filter { history[$0] == message }
            if places.isEmpty { places = (candidates[0]..<history.count).filter { history[$0] == message } }
            if goOn(behind: places) { return true }
        }
        let same = history.indices.filter {
            history[$0].high == message.high && history[$0].low == message.low
        }
        let places = same.filter { history[$0].packet == message.packet }
        if goOn(behind: same.count == 1 ? places : places.filter { $0 >= history.count - queued }) {
            return true
        }
        // What was there, but may as well be new, does not begin a run; one of the next may.
        guard !places.isEmpty, patience > 0 else { return end() }
        patience -= 1
        candidates = nil
        return false
    }

    private mutating func goOn(behind places: [Int]) -> Bool {
        guard !places.isEmpty else { return false }
        candidates = places.map { $0 + 1 }
        return true
    }

    private mutating func end() -> Bool {
        self = .inactive
        return false
    }
}
