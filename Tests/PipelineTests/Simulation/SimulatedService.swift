import Pipeline
import Ring
import Synchronization
import Telemetry

/// Everything that lives in memory between two restarts, wired as the service wires it.
final class SimulatedService {
    let channel: IntakeChannel
    let ingestor: Ingestor
    let drain: Drain<SimulatedStore>
    let commands: CommandInbox
    /// Everything published before has been received, nil before the first connection.
    private var caughtUp: Milliseconds?
    /// Begin of a gap whose end is not known yet.
    private var openGap: Milliseconds?
    /// Messages in the ring in order since the start, and how many of them are committed.
    var taken: [NaiveIntake.Taken] = []
    var committed = 0
    /// QoS 0 messages for which not even the ring of messages had room, as far as no batch tells of them.
    var unseen: Int64 = 0

    /// As `OpenedStore` and `DataPlane` do.
    init(
        store: SimulatedStore, registry: Registry, rules: [AlertRule], grace: Milliseconds,
        limits: DecodeLimits, now: Milliseconds, surroundings: Drain<SimulatedStore>.Surroundings
    ) throws {
        let recovered = try Recovery(history: store, registry: registry, rules: rules, grace: grace)
            .run(now: now)
        channel = IntakeChannel(capacity: 16 * limits.readings)
        ingestor = Ingestor(channel: channel, registry: registry, limits: limits)
        commands = CommandInbox(work: channel.work)
        drain = Drain(
            channel: channel, store: store, composer: recovered.composer, commands: commands,
            counters: LiveCounters(), surroundings: surroundings)
        caughtUp = recovered.position.caughtUp ?? recovered.position.at
    }

    /// All that was taken is durable, so `settle` does not wait.
    var isDurable: Bool {
        channel.durable.load(ordering: .acquiring) == channel.messages.publishedPosition
    }

    /// As `IntakeBridge` does.
    func connected(sessionPresent: Bool, queued: Int, _ store: SimulatedStore) {
        guard sessionPresent else {
            ingestor.resume(history: [])
            openGap = openGap ?? caughtUp
            return
        }
        if openGap != nil || channel.lostSessions.load(ordering: .acquiring) > 0 {
            ingestor.resume(history: [])
        } else if let history = try? store.acknowledgementHistory() {
            ingestor.resume(history: history, queued: queued)
        } else {
            ingestor.abandon()
        }
    }

    /// The broker has taken the subscriptions: only now does it queue for a new session.
    /// - Returns: whether a gap is told of.
    func subscribed(at now: Milliseconds) -> Bool {
        caughtUp = caughtUp ?? now
        guard let from = openGap else { return false }
        openGap = nil
        channel.report(Gap(kind: .sessionLost, from: min(from, now), to: now))
        return true
    }

    /// A word sent to ourselves has come back behind all that was published before it.
    func echoed(_ sent: Milliseconds) {
        caughtUp = sent
        channel.caughtUp.store(sent, ordering: .relaxed)
    }

    /// Takes a message of the broker.
    func receive(_ item: SimulatedBroker.Item, at now: Milliseconds) {
        var taken = NaiveIntake.Taken(item: item, arrival: now)
        let isAtLeastOnce = taken.isAtLeastOnce
        taken.isDropped = !isAtLeastOnce && channel.readings.room() < item.message.values.count
        let position = channel.messages.publishedPosition
        let overflow = channel.droppedUnseen.load(ordering: .relaxed)
        var topic = item.message.topic
        var payload = item.message.payload
        topic.withUTF8 { topic in
            payload.withUTF8 { payload in
                ingestor.receive(
                    topic: topic, payload: UnsafeRawBufferPointer(payload), packet: item.packet,
                    source: isAtLeastOnce ? .mqttAtLeastOnce : .mqttAtMostOnce,
                    isRetained: item.message.isRetained, arrival: now)
            }
        }
        if channel.messages.publishedPosition > position { self.taken.append(taken) }
        unseen += channel.droppedUnseen.load(ordering: .relaxed) - overflow
    }

    /// What the batch being written is made of.
    func takeBatch() -> [NaiveIntake.Taken] {
        let end = Int(channel.messages.consumedPosition)
        defer { committed = end }
        return Array(taken[committed..<end])
    }
}
