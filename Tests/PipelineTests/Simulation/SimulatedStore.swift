import Telemetry

/// What the database keeps, in memory, with the same rules: a batch is kept whole or not at all, and a restart reads
/// back what `Store` would give it.
final class SimulatedStore: Sink, History {
    enum Outcome {
        case stored
        /// Fails before anything is kept.
        case refused
        /// The process dies before the commit, or after it and before anybody is told.
        case killedBefore
        case killedAfter
    }

    struct Refused: Error {}
    struct Killed: Error {}

    struct RollupKey: Hashable {
        var series: UInt32
        var tier: Tier
        var start: Milliseconds
    }

    struct InstanceKey: Hashable {
        var rule: String
        var scope: String
    }

    private struct Block {
        var batch: Int64
        var messages: [AcceptedMessage]
        var readings: [Reading]
        var newest: Milliseconds
    }

    let zone: ZoneOffsets
    private let acknowledgementLimit: Int
    private var journal: [Block] = []
    private(set) var rollups: [RollupKey: Rollup] = [:]
    private(set) var instances: [InstanceKey: AlertInstanceState] = [:]
    private(set) var events: [AlertEvent] = []
    private var remembered: [(batch: Int64, entries: [Acknowledgement])] = []
    private var devices: [DeviceID: DeviceState] = [:]
    private var series: [SeriesID: SeriesState] = [:]
    private var stood = StoredPosition()
    private(set) var nextBatch: Int64 = 1
    /// The history cannot be read while this is set.
    var failsToRead = false

    /// What becomes of the next attempt to write; called once per attempt, before anything is kept.
    var outcome: () -> Outcome = { .stored }
    /// A batch was kept.
    var kept: (Batch) -> Void = { _ in }

    init(zone: ZoneOffsets, acknowledgementLimit: Int) {
        self.zone = zone
        self.acknowledgementLimit = acknowledgementLimit
    }

    // MARK: Writing

    func write(_ batch: borrowing Batch) throws {
        switch outcome() {
        case .refused: throw Refused()
        case .killedBefore: throw Killed()
        case .killedAfter:
            keep(copy batch)
            throw Killed()
        case .stored: keep(copy batch)
        }
    }

    private func keep(_ batch: Batch) {
        let id = nextBatch
        nextBatch += 1
        if !batch.readings.isEmpty || !batch.messages.isEmpty {
            journal.append(
                Block(
                    batch: id, messages: batch.messages, readings: batch.readings,
                    newest: batch.readings.map(\.time).max() ?? .min))
        }
        if batch.gaps.contains(where: { $0.kind == .sessionLost }) { remembered = [] }
        remember(batch.acknowledgements, id)
        for rollup in [batch.rollups, batch.amendments].joined() {
            let key = RollupKey(series: rollup.series.rawValue, tier: rollup.tier, start: rollup.start)
            if var row = rollups[key] {
                row.merge(rollup)
                rollups[key] = row
            } else {
                rollups[key] = rollup
            }
        }
        events.append(contentsOf: batch.alertEvents)
        for state in batch.alertInstances {
            instances[InstanceKey(rule: state.rule, scope: state.scope)] = state.isAtRest ? nil : state
        }
        if let checkpoint = batch.checkpoint {
            for (device, state) in checkpoint.devices { devices[device] = state }
            // As the table: a series has a row once it has a newest reading.
            for (id, state) in checkpoint.series.all { series[id] = state }
            stood.checkpoint = id
        }
        if let published = batch.publishedEvent { stood.publishedEvent = published }
        if let caughtUp = batch.caughtUp { stood.caughtUp = caughtUp }
        stood.closedThrough = batch.closedThrough
        stood.at = batch.at
        kept(batch)
    }

    private func remember(_ entries: [Acknowledgement], _ id: Int64) {
        guard !entries.isEmpty else { return }
        remembered.append((id, entries))
        var count = remembered.reduce(0) { $0 + $1.entries.count }
        while let oldest = remembered.first, count - oldest.entries.count >= acknowledgementLimit {
            count -= oldest.entries.count
            remembered.removeFirst()
        }
    }

    // MARK: History

    func position() -> StoredPosition { stood }

    func checkpoint() -> Checkpoint {
        var checkpoint = Checkpoint()
        checkpoint.devices = devices.map { ($0.key, $0.value) }
        checkpoint.series = SeriesStates(series.map { ($0.key, $0.value) })
        return checkpoint
    }

    func regimes() -> Set<String> { [] }

    func alertInstances() -> [AlertInstanceState] { Array(instances.values) }

    func forEachRollup(_ tier: Tier, from: Milliseconds, _ body: (Rollup) -> Void) {
        guard from < .max else { return }
        let rows = rollups.values.filter { $0.tier == tier && $0.start >= from }
        for row in rows.sorted(by: { ($0.series, $0.start) < ($1.series, $1.start) }) { body(row) }
    }

    func forEachNewestRollup(
        _ tier: Tier, of wanted: [(series: SeriesID, length: Milliseconds)], _ body: (Rollup) -> Void
    ) {
        for (series, length) in wanted {
            let rows = rollups.values.filter { $0.tier == tier && $0.series == series }
                .sorted { $0.start < $1.start }
            guard let newest = rows.last?.start else { continue }
            for row in rows where row.start > newest - length { body(row) }
        }
    }

    func forEachOpenBlock(
        since position: StoredPosition, _ body: ([AcceptedMessage], [Reading], Bool) -> Void
    ) {
        for block in journal where block.batch > position.checkpoint || block.newest >= position.closedThrough
        {
            body(block.messages, block.readings, block.batch > position.checkpoint)
        }
    }

    func acknowledgementHistory() throws -> [Acknowledgement] {
        if failsToRead { throw Refused() }
        return remembered.flatMap(\.entries)
    }

    /// All accepted readings, in order of commits.
    var readings: [Reading] { journal.flatMap(\.readings) }
}
