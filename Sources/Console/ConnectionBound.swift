import HummingbirdCore
import Synchronization

/// Bounds the connections that are open at a time; further ones wait in the kernel until one closes.
struct ConnectionBound: AvailableConnectionsDelegate {
    let most: Int
    let counters: ConsoleCounters

    func connectionOpened() { counters.connections.add(1, ordering: .relaxed) }

    func connectionClosed() { counters.connections.subtract(1, ordering: .relaxed) }

    /// Asked before each connection is accepted, and again when one has closed: "no" holds the next back.
    func isAcceptingNewConnections() -> Bool {
        let isAccepting = counters.connections.load(ordering: .relaxed) < most
        if !isAccepting { counters.fullConnections.add(1, ordering: .relaxed) }
        return isAccepting
    }
}
