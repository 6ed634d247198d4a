import Catalog
import Logging
import Pipeline
import Store
import Synchronization
import Telemetry
import Unpacking

/// The pipeline over files: the ingestor, ring, drain and store of the live service, on one thread, with event time as clock.
final class Replay {
    private let opened: OpenedStore
    private let channel: IntakeChannel
    private let ingestor: Ingestor
    private let drain: Drain<BatchWriter>
    private let clock: EventClock
    private let compaction: ReplayCompaction
    let counters = LiveCounters()
    private var pending = 0

    /// Messages of one transaction.
    private static let batch = 4_096

    init(_ catalog: Catalog, logger: Logger) throws {
        opened = try OpenedStore.open(catalog, onCorruption: .refuse, logger: logger)
        compaction = ReplayCompaction(opened.compactor)
        channel = IntakeChannel(capacity: catalog.settings.intake.ringCapacity)
        var limits = catalog.settings.intake.limits
        // A file may be as old as it likes.
        limits.retention = .max / 4
        ingestor = Ingestor(
            channel: channel, registry: opened.registry, limits: limits, unpacker: PayloadUnpacker())
        let clock = EventClock()
        self.clock = clock
        var composer = opened.recovered.composer
        // Nobody looks meanwhile, and the end of the file writes it down. It was two thirds of the time of storing.
        composer.checkpointInterval = Span.minute
        let failure = StoreFailure()
        self.failure = failure
        let channel = channel
        drain = Drain(
            channel: channel, store: opened.writer, composer: composer,
            commands: CommandInbox(work: channel.work), counters: counters,
            surroundings: .init(
                now: { clock.now }, ticks: SystemClock.ticks, committed: { _ in },
                failed: { error, _ in
                    // Nobody waits for an acknowledgement here: a file can be replayed again.
                    failure.error = error
                    channel.stop()
                }))
    }

    private let failure: StoreFailure

    /// - Parameter received: when it was received, nil to let its own times decide.
    func add(topic: [UInt8], payload: [UInt8], received: Milliseconds?) throws {
        topic.withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes { payload in
                ingestor.receive(
                    topic: topic, payload: payload, packet: 0, source: .replay, isRetained: false,
                    arrival: received ?? SystemClock.now())
            }
        }
        clock.advance(to: received ?? ingestor.newestTime)
        pending += 1
        if pending >= Self.batch || !ingestor.hasRoom { try flush() }
    }

    private func flush() throws {
        drain.step(now: clock.now > .min ? clock.now : SystemClock.now())
        pending = 0
        if let error = failure.error { throw error }
        // What is rewritten on the way makes room for what comes.
        if clock.now > .min { try compaction.begin(now: clock.now) }
        while try opened.gatherer.step() {}
    }

    /// Stores what is left, closes all windows the files reached, rewrites the journal by series, and closes the database.
    func finish() throws {
        try flush()
        if clock.now > .min {
            drain.finishReplay(through: min(clock.now + 2 * Span.day, SystemClock.now()))
        }
        if let error = failure.error { throw error }
        try compaction.finish()
        while try opened.gatherer.step() {}
        try opened.store.close()
    }

    private final class StoreFailure {
        var error: (any Error)?
    }
}

/// A clock that shows the newest event met.
final class EventClock {
    private(set) var now: Milliseconds = .min

    func advance(to time: Milliseconds) { now = max(now, time) }
}
