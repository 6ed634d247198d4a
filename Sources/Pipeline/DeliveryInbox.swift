import Synchronization
package import Telemetry

/// What became of messages to receivers, on its way to the drain thread, and which messages the database is behind with.
package final class DeliveryInbox: Sendable {
    private struct State {
        var pending: [NotificationChange] = []
        /// How many changes of a message are not durable yet, and whether it is on its way.
        var open: [Int64: Int] = [:]
    }

    private let state = Mutex(State())
    private let work: Doorbell

    init(work: Doorbell) { self.work = work }

    /// The message is handed over: nobody else must take it up.
    package func begin(_ id: Int64, at now: Milliseconds) {
        state.withLock { $0.open[id, default: 0] += 1 }
        put(.sent(id, at: now))
    }

    /// There is an answer to what began.
    package func end(_ id: Int64, _ change: NotificationChange) {
        put(change)
        state.withLock { Self.close(id, &$0) }
    }

    package func put(_ change: NotificationChange) {
        state.withLock { state in
            state.pending.append(change)
            for id in change.ids { state.open[id, default: 0] += 1 }
        }
        work.ring()
    }

    /// Messages of which the database does not tell the newest. Ask before reading it: what is not in here, it knows.
    package var unsettled: Set<Int64> { state.withLock { Set($0.open.keys) } }

    func take() -> [NotificationChange] {
        state.withLock { state in
            defer { state.pending.removeAll() }
            return state.pending
        }
    }

    /// They are durable.
    func settle(_ changes: [NotificationChange]) {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            for id in changes.lazy.flatMap(\.ids) { Self.close(id, &state) }
        }
    }

    private static func close(_ id: Int64, _ state: inout State) {
        guard let count = state.open[id] else { return }
        state.open[id] = count > 1 ? count - 1 : nil
    }
}
