package import Synchronization

/// What was rewritten since the start. Written by the thread that does it, read by anybody.
package final class CompactorCounters: Sendable {
    package let rows = Atomic<Int64>(0)
    package let readings = Atomic<Int64>(0)
    /// Rows that could not be read, and were left as they are.
    package let unreadable = Atomic<Int64>(0)
}
