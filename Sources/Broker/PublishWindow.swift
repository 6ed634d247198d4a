/// What a publisher has handed to the library and not yet got rid of. Pure.
///
/// The limit keeps the library fast: it walks its whole list of unacknowledged messages for every message
/// (message__release_to_inflight, lib/messages_mosq.c).
struct PublishWindow: Sendable, Equatable {
    let limit: Int
    /// Published at QoS 1 and not yet acknowledged. Survives a lost connection: the library sends them again.
    private(set) var inflight = 0
    /// Published at QoS 0 and not yet written to the socket. Does not survive.
    private(set) var unsent = 0
    /// QoS 0 messages that a lost connection took along.
    private(set) var lost: UInt64 = 0

    var hasRoom: Bool { inflight + unsent < limit }
    /// A quarter is free: waiting for less would wake the waiter for every single message.
    var hasAmpleRoom: Bool { inflight + unsent <= limit / 4 * 3 }
    var isEmpty: Bool { inflight + unsent == 0 }
    /// What a waiter may be waiting for has just come true.
    var isAtMark: Bool { isEmpty || inflight + unsent == limit / 4 * 3 }

    mutating func accepted(qos: Int32) { if qos == 0 { unsent += 1 } else { inflight += 1 } }
    mutating func sent() { unsent = max(0, unsent - 1) }
    mutating func acknowledged() { inflight = max(0, inflight - 1) }

    mutating func disconnected() {
        lost += UInt64(unsent)
        unsent = 0
    }
}
