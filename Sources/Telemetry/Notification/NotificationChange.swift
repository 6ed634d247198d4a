/// Where a message to a receiver stands.
package enum NotificationState: String, Sendable, CaseIterable, Codable {
    /// It waits for its time, for the first or another attempt.
    case queued
    /// It was handed over; the answer is outstanding.
    case sent
    /// The receiver has it.
    case delivered
    /// The receiver had it, and then an operator took the alert.
    case acknowledged
    /// It was tried for a day, in vain.
    case failed
    /// It is told of in another message, with others.
    case digested
    /// An operator had the alert in hand before its time came.
    case spared
}

/// What became of messages, on its way to the one writer.
package enum NotificationChange: Sendable, Equatable {
    case sent(Int64, at: Milliseconds)
    case delivered(Int64, at: Milliseconds)
    /// It did not get there, and is tried again.
    case retry(Int64, due: Milliseconds, error: String)
    case failed(Int64, at: Milliseconds, error: String)
    /// Quiet hours.
    case postponed([Int64], until: Milliseconds)
    /// The receiver's limit is reached.
    case held([Int64], until: Milliseconds)
    /// They become one message.
    case folded([Int64], receiver: String, priority: AlertPriority, why: DigestReason = .limit)

    package var ids: [Int64] {
        switch self {
        case .sent(let id, _), .delivered(let id, _), .retry(let id, _, _), .failed(let id, _, _): [id]
        case .postponed(let ids, _), .held(let ids, _), .folded(let ids, _, _, _): ids
        }
    }
}

/// Why several are told of in one message; the occasion of its row.
package enum DigestReason: String, Sendable, CaseIterable {
    /// The receiver's own limit held them.
    case limit = "digest"
    /// More waited for it than may wait.
    case crowd
}
