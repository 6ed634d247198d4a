import Ring
import Synchronization
package import Telemetry

/// The storing end of the ring: whatever came while the last commit ran is the next batch. Runs on the drain thread only.
package final class Drain<Store: Sink> where Store.Element == Batch {
    /// What the drain is given from outside: it reads no clock itself.
    package struct Surroundings {
        package var now: () -> Milliseconds
        /// Microseconds of a clock that never goes back.
        package var ticks: () -> Int64
        /// A batch is durable.
        package var committed: (borrowing Batch) -> Void
        /// A commit failed; it will be tried again.
        package var failed: (any Error, _ attempt: Int) -> Void

        package init(
            now: @escaping () -> Milliseconds, ticks: @escaping () -> Int64,
            committed: @escaping (borrowing Batch) -> Void, failed: @escaping (any Error, Int) -> Void
        ) {
            self.now = now
            self.ticks = ticks
            self.committed = committed
            self.failed = failed
        }
    }

    private let channel: IntakeChannel
    private let store: Store
    private let commands: CommandInbox
    package let counters: LiveCounters
    private let surroundings: Surroundings
    package private(set) var composer: BatchComposer
    private var records: [MessageRecord] = []
    private var readings: [Reading] = []
    /// Operators who wait for the batch.
    private var replies: [(CommandInbox.Refusal?) -> Void] = []
    /// The service stopped while a batch could not be stored.
    private var hasGivenUp = false
    /// Position in the ring of `readings[0]`.
    private var readingsStart: UInt64 = 0

    /// Messages of one transaction: bounds its memory and the time until the first is acknowledged.
    package static var maximumBatch: Int { 16_384 }

    /// Messages from one to the one whose state is asked for meanwhile: of a hundred readings each, 100 KB of it.
    private static var ahead: Int { 8 }

    package init(
        channel: IntakeChannel, store: Store, composer: BatchComposer, commands: CommandInbox,
        counters: LiveCounters,
        surroundings: Surroundings
    ) {
        self.channel = channel
        self.store = store
        self.composer = composer
        self.commands = commands
        self.counters = counters
        self.surroundings = surroundings
    }

    /// Works until the channel stops and everything in it is stored, or cannot be. Takes no commands after that.
    package func run() {
        defer { commands.close() }
        while true {
            let isStopping = channel.isStopping.load(ordering: .sequentiallyConsistent)
            let worked = step(now: surroundings.now())
            if isStopping, !worked { return }
            if !worked { channel.work.wait(milliseconds: 250) }
        }
    }

    /// One batch. Does nothing any more once a batch was given up: what follows it must not be stored without it.
    /// - Parameters:
    ///   - end: position in the ring of messages behind its last one; nil for what is there.
    ///   - replayed: what of which files is stored with it.
    /// - Returns: whether there were messages.
    @discardableResult
    package func step(now: Milliseconds, through end: UInt64? = nil, replayed: [ReplayedPart] = []) -> Bool {
        guard !hasGivenUp else { return false }
        // Before gaps are taken: what it counts is told by the gaps that were reported before it.
        let brokerDrops = channel.brokerDrops.load(ordering: .acquiring)
        takeMessages(through: end)
        let position = channel.messages.consumedPosition
        compose(before: position)
        for pending in commands.take() { replies.append(pending.carryOut(&composer, now)) }
        var batch = composer.finish(at: now)
        let published = channel.publishedEvent.load(ordering: .relaxed)
        if published > 0 { batch.publishedEvent = published }
        let caughtUp = channel.caughtUp.load(ordering: .relaxed)
        if caughtUp > 0 { batch.caughtUp = caughtUp }
        if brokerDrops >= 0 { batch.brokerDrops = brokerDrops }
        batch.notificationChanges = channel.deliveries.take()
        batch.replayed = replayed
        if !batch.isEmpty { guard commit(batch) else { return false } }
        let lostSessions = batch.gaps.count { $0.kind == .sessionLost }
        if lostSessions > 0 { channel.lostSessions.subtract(lostSessions, ordering: .releasing) }
        channel.durable.store(position, ordering: .releasing)
        channel.settled.ring()
        counters.safeUpTo.store(now, ordering: .relaxed)
        counters.openWindows.store(Int64(composer.aggregator.otherMinuteCount), ordering: .relaxed)
        counters.windowsClosedEarly.store(composer.aggregator.closedEarly, ordering: .relaxed)
        for reply in replies { reply(nil) }
        replies.removeAll()
        composer.reuse(&batch)
        return !records.isEmpty
    }

    /// Closes everything a replayed file left open.
    package func finishReplay(through time: Milliseconds) {
        while step(now: surroundings.now()) {}
        guard !hasGivenUp else { return }
        let batch = composer.finishReplay(through: time, at: surroundings.now())
        if !batch.isEmpty { _ = commit(batch) }
    }

    private func takeMessages(through end: UInt64?) {
        records.removeAll(keepingCapacity: true)
        readings.removeAll(keepingCapacity: true)
        let limit = end.map { Int($0 - channel.messages.consumedPosition) } ?? Self.maximumBatch
        channel.messages.take(upTo: limit) { records.append(contentsOf: $0) }
        // The parts of a message are published together, and stored together.
        while let last = records.last, !last.endsMessage {
            channel.messages.take(upTo: 1) { records.append(contentsOf: $0) }
        }
        guard let end = records.last?.readingEnd else { return }
        readingsStart = channel.readings.consumedPosition
        channel.readings.take(upTo: Int(end - readingsStart)) { readings.append(contentsOf: $0) }
    }

    private func compose(before position: UInt64) {
        readings.withUnsafeBufferPointer { readings in
            func part(_ record: MessageRecord) -> UnsafeBufferPointer<Reading> {
                let range = Int(record.readingStart - readingsStart)..<Int(record.readingEnd - readingsStart)
                return UnsafeBufferPointer(rebasing: readings[range])
            }
            for (index, record) in records.enumerated() {
                let ahead = index + Self.ahead
                if ahead < records.count { composer.expect(records[ahead], part(records[ahead])) }
                composer.take(record, part(record))
            }
        }
        composer.take(channel.tray.take(before: position))
        composer.take(channel.takeDepartures(before: position))
        composer.take(channel.takeGaps())
        composer.take(own: channel.takeOwnReadings())
        composer.takeDropped(channel.droppedUnseen.exchange(0, ordering: .relaxed))
    }

    /// Nobody waits at a console for a disk to be emptied. What was asked may still be stored later, and is then shown.
    private func refuseCommands() {
        for reply in replies { reply(.undecided) }
        replies.removeAll()
        for pending in commands.take() { pending.refuse(.busy) }
    }

    /// Tries until the batch is stored: the state in memory has moved on, so it must be this batch and no other.
    /// - Returns: false if the service stops before it could be.
    private func commit(_ batch: Batch) -> Bool {
        var attempt = 0
        while true {
            do {
                let start = surroundings.ticks()
                try store.write(batch)
                counters.add(batch, commitMicroseconds: surroundings.ticks() - start)
                channel.isFailing.store(false, ordering: .releasing)
                channel.deliveries.settle(batch.notificationChanges)
                surroundings.committed(batch)
                return true
            } catch {
                attempt += 1
                counters.failedCommits.add(1, ordering: .relaxed)
                channel.isFailing.store(true, ordering: .releasing)
                channel.settled.ring()
                surroundings.failed(error, attempt)
                refuseCommands()
                if channel.isStopping.load(ordering: .relaxed) {
                    hasGivenUp = true
                    return false
                }
                channel.work.wait(milliseconds: Int32(min(100 << min(attempt, 6), 5_000)))
            }
        }
    }
}
