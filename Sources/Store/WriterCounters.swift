package import Synchronization

/// What the writer holds and has let go since it was opened. Written by the writer's thread only, read by anybody.
package final class WriterCounters: Sendable {
    package let acknowledgements = Atomic<Int64>(0)
    package let forgottenAcknowledgements = Atomic<Int64>(0)
    package let quarantineRows = Atomic<Int64>(0)
    package let quarantineBytes = Atomic<Int64>(0)
    /// Rows of the quarantine let go because there were too many, and because they were too large.
    package let evictedForRows = Atomic<Int64>(0)
    package let evictedForBytes = Atomic<Int64>(0)
}
