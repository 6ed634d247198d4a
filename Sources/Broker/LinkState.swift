/// How a client's connection stands, for people to read.
package struct LinkState: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        case connecting
        case connected
        /// Not connected, and waiting before the next attempt.
        case waiting
        /// Storage failed; not connected until it works.
        case storageFailed
        case stopped
    }

    package var phase: Phase = .connecting
    /// The last thing that went wrong; kept until the next connection succeeds.
    package var lastError: BrokerError?
    /// Connections that were accepted, over the client's life.
    package var connections: UInt64 = 0
}
