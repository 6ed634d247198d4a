import Telemetry

/// What becomes of a message of several devices: one word for the whole, said with its last part.
struct MessageFate: Sendable {
    private var isStored = false

    /// Counts the message with its last part: stored if any part of it was.
    mutating func merge(_ counters: inout LossCounters, of record: MessageRecord) {
        isStored = isStored || counters.stored > 0
        guard record.endsMessage else {
            counters.stored = 0
            counters.duplicate = 0
            return
        }
        counters.received = 1
        if isStored {
            counters.stored = 1
            counters.duplicate = 0
        }
        isStored = false
    }
}
