import Pipeline
import Telemetry

/// Both ends of the ring, on one thread.
final class Line<Storage: Sink> where Storage.Element == Batch {
    private let channel = IntakeChannel(capacity: 65_536)
    private let ingestor: Ingestor
    private let storing: Drain<Storage>
    private let found = Found()

    private final class Found {
        var readings = 0
        var transitions = 0
        var error: (any Error)?
    }

    init(_ storage: Storage, _ registry: Registry, _ rules: RuleSet) {
        ingestor = Ingestor(channel: channel, registry: registry, limits: DecodeLimits())
        let composer = BatchComposer(
            registry: registry, aggregator: Aggregator(shapes: registry.shapes, zone: .utc),
            engine: AlertEngine(rules: rules.rules, registry: registry, listeningSince: City.start),
            grace: 2_000)
        let (channel, found) = (channel, found)
        storing = Drain(
            channel: channel, store: storage, composer: composer,
            commands: CommandInbox(work: channel.work), counters: LiveCounters(),
            surroundings: .init(
                now: { 0 }, ticks: { 0 },
                committed: { batch in
                    found.readings += batch.readings.count
                    found.transitions += batch.alertEvents.count {
                        $0.cause == .condition || $0.cause == .conditionGone
                    }
                },
                failed: { error, _ in
                    found.error = error
                    channel.stop()
                }))
    }

    /// Takes all messages, a second of full rate at a time.
    func ingest(_ traffic: Traffic) throws -> RunResult {
        var result = RunResult()
        let begin = ContinuousClock.now
        try traffic.forEachBatch { batch in
            for message in batch { receive(traffic.topic(message), traffic.payload(message), message.time) }
            let received = ContinuousClock.now
            storing.step(now: batch.last!.time)
            result.drainSeconds += (ContinuousClock.now - received) / .seconds(1)
            if let error = found.error { throw error }
        }
        result.seconds = (ContinuousClock.now - begin) / .seconds(1)
        result.readings = found.readings
        result.transitions = found.transitions
        return result
    }

    private func receive(_ topic: [UInt8], _ payload: ArraySlice<UInt8>, _ time: Milliseconds) {
        topic.withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes { payload in
                ingestor.receive(
                    topic: topic, payload: payload, packet: 1, source: .mqttAtLeastOnce, isRetained: false,
                    arrival: time)
            }
        }
    }
}
