/// Whether anything may be written. libmosquitto flushes its whole queue at once, so one received message that is not
/// durable forbids every write: its PUBACK would leave with the next ping.
struct AcknowledgementGate: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case write
        case drop
        case stop
    }

    /// Messages received since the last durable settlement.
    private(set) var unsettled = 0

    var isOpen: Bool { unsettled == 0 }

    mutating func received() { unsettled += 1 }

    /// After a settlement: what is to be done with the connection.
    mutating func settled(_ settlement: Settlement) -> Verdict {
        switch settlement {
        case .durable:
            unsettled = 0
            return .write
        case .failed: return .drop
        case .stopping: return .stop
        }
    }
}
