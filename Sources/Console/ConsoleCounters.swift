package import Synchronization

/// What the console has open, and turned away since it started. Written by its tasks, read by anybody.
package final class ConsoleCounters: Sendable {
    /// Live streams now.
    package let streams = Atomic<Int>(0)
    package let refusedStreams = Atomic<Int64>(0)
    /// Clients that took not one byte for too long.
    package let stalledClients = Atomic<Int64>(0)
    /// Connections now.
    package let connections = Atomic<Int>(0)
    /// How often all connections were taken, so that the next had to wait.
    package let fullConnections = Atomic<Int64>(0)

    package init() {}
}
