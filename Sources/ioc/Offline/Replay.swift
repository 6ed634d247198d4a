import Catalog
import Logging
import Pipeline
import Store
import Telemetry
import Unpacking

/// The pipeline over files: the ingestor, ring, drain and store of the live service, with event time as clock. Files are read
/// and decoded on a thread of its own, and stored on that of the caller.
final class Replay {
    private let opened: OpenedStore
    private let channel: IntakeChannel
    private let intake: HandedOver<ReplayIntake>
    private let cuts: ReplayCuts
    private let drain: Drain<BatchWriter>
    private let clock: EventClock
    private let compaction: ReplayCompaction
    private let failure: StoreFailure
    let counters = LiveCounters()

    init(_ catalog: Catalog, logger: Logger) throws {
        opened = try OpenedStore.open(catalog, onCorruption: .refuse, logger: logger)
        compaction = ReplayCompaction(opened.compactor)
        let channel = IntakeChannel(capacity: catalog.settings.intake.ringCapacity)
        self.channel = channel
        cuts = ReplayCuts(work: channel.work)
        var limits = catalog.settings.intake.limits
        // A file may be as old as it likes.
        limits.retention = .max / 4
        let ingestor = Ingestor(
            channel: channel, registry: opened.registry, limits: limits, unpacker: PayloadUnpacker())
        intake = HandedOver(
            ReplayIntake(
                channel: channel, ingestor: ingestor, cuts: cuts,
                files: ReplayedFiles(try opened.store.replayedParts())))
        let clock = EventClock()
        self.clock = clock
        var composer = opened.recovered.composer
        // Nobody looks meanwhile, and the end of the file writes it down. It was two thirds of the time of storing.
        composer.checkpointInterval = Span.minute
        let failure = StoreFailure()
        self.failure = failure
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

    /// Stores what is read. Once.
    /// - Parameter read: gives the messages, on a thread of its own.
    /// - Throws: what `read` throws, after all that it gave before is stored; or why it cannot be stored.
    func run(_ read: @escaping @Sendable (ReplayIntake) throws -> Void) throws {
        let (intake, cuts) = (intake, cuts)
        let reader = PlainThread {
            let end = Result { try read(intake.value) }
            intake.value.endBatch()
            cuts.close(end)
        }
        defer {
            channel.stop()
            reader.join()
        }
        while let cut = try cuts.next() { try store(cut) }
    }

    private func store(_ cut: ReplayCut) throws {
        clock.advance(to: cut.time)
        drain.step(
            now: clock.now > .min ? clock.now : SystemClock.now(), through: cut.end, replayed: cut.parts)
        if let error = failure.error { throw error }
        // What is rewritten on the way makes room for what comes.
        if clock.now > .min { try compaction.begin(now: clock.now) }
        while try opened.gatherer.step() {}
    }

    /// Closes all windows the files reached, rewrites the journal by series, and closes the database.
    func finish() throws {
        // Where all was stored before, by a run that came no further: what it left open is closed.
        if clock.now == .min, let end = opened.recovered.position.at { clock.advance(to: end) }
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
