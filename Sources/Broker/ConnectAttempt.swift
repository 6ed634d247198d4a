import Synchronization

/// Connects a link on a thread of its own, as name lookup and TCP can block for minutes and a stop must not wait for
/// them. An attempt that is let go still ends by itself: its thread then holds the last reference to the link and
/// closes it.
final class ConnectAttempt: Sendable {
    enum Outcome: Sendable {
        case pending
        case opened
        case failed(BrokerError)
    }

    let link: Link
    private let result = Mutex(Outcome.pending)

    /// Starts at once; signals `wakeUp` when there is an outcome.
    init(_ link: Link, wakeUp: WakeUp) throws(BrokerError) {
        self.link = link
        let thread = try PlainThread { [self] in
            let error = link.connect()
            result.withLock { $0 = error.map(Outcome.failed) ?? .opened }
            wakeUp.signal()
        }
        thread.detach()
    }

    var outcome: Outcome { result.withLock { $0 } }
}
