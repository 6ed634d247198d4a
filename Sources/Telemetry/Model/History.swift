/// What a store remembers, in the order a restart needs it.
package protocol History {
    var zone: ZoneOffsets { get }

    func position() throws -> StoredPosition

    /// Newest state of devices and series.
    func checkpoint() throws -> Checkpoint

    func alertInstances() throws -> [AlertInstanceState]

    /// Regimes that are on.
    func regimes() throws -> Set<String>

    /// Stored windows of a tier that begin at or after `from`; none for `.max`.
    func forEachRollup(_ tier: Tier, from: Milliseconds, _ body: (Rollup) -> Void) throws

    /// Of each series the stored windows of a tier that begin less than `length` before its newest begins; in order.
    func forEachNewestRollup(
        _ tier: Tier, of wanted: [(series: SeriesID, length: Milliseconds)], _ body: (Rollup) -> Void
    ) throws

    /// Journal blocks that hold readings of open minutes, or are younger than the checkpoint; in order.
    func forEachOpenBlock(
        since position: StoredPosition,
        _ body: ([AcceptedMessage], [Reading], _ isAfterCheckpoint: Bool) -> Void
    ) throws

    /// Committed messages, oldest first, to recognise what the broker sends again.
    func acknowledgementHistory() throws -> [Acknowledgement]
}

/// Where a store stood when the last service ended.
package struct StoredPosition: Sendable, Equatable {
    /// The aggregator's watermark, `.min` for a new store.
    package var closedThrough: Milliseconds
    /// Clock of the last batch, nil for a new store.
    package var at: Milliseconds?
    /// Everything published before this moment was received, nil if nobody knows.
    package var caughtUp: Milliseconds?
    /// Messages that the broker had said it has dropped, nil if it never did.
    package var brokerDrops: Int64?
    /// Last alert event published over MQTT.
    package var publishedEvent: Int64
    /// Batch that carried the last checkpoint.
    package var checkpoint: Int64

    package init(
        closedThrough: Milliseconds = .min, at: Milliseconds? = nil, caughtUp: Milliseconds? = nil,
        brokerDrops: Int64? = nil, publishedEvent: Int64 = 0, checkpoint: Int64 = 0
    ) {
        self.closedThrough = closedThrough
        self.at = at
        self.caughtUp = caughtUp
        self.brokerDrops = brokerDrops
        self.publishedEvent = publishedEvent
        self.checkpoint = checkpoint
    }
}
