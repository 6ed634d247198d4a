import Synchronization

/// Whether the intake is connected, and if not why: written by the intake thread, read by the status page.
final class BrokerWatch: Sendable {
    struct State: Sendable {
        var isConnected = false
        var fault: String? = "not connected yet"
    }

    private let state = Mutex(State())

    var current: State { state.withLock { $0 } }

    /// - Returns: whether this is news.
    @discardableResult
    func note(isConnected: Bool, fault: String?) -> Bool {
        state.withLock { state in
            let isNews = state.isConnected != isConnected || state.fault != fault
            state = State(isConnected: isConnected, fault: fault)
            return isNews
        }
    }
}
