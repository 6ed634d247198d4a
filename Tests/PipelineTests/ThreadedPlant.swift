import Glibc
import Ring
import Synchronization
import Telemetry

@testable import Pipeline

/// A sink on the drain thread whose batches another thread may read, and that fails as its dice say.
final class TroubledSink: Sink {
    struct Trouble: Error {}

    private let stored = Mutex<[Batch]>([])
    let failures = Atomic<Int>(0)
    /// Whether writes may still fail.
    let isTroubled = Atomic<Bool>(true)
    private var dice: Dice
    /// Of how many writes one fails; 0 if none, 1 if all.
    private let oneOf: Int

    init(oneOf: Int, dice: Dice) {
        self.oneOf = oneOf
        self.dice = dice
    }

    func write(_ batch: borrowing Batch) throws {
        if isTroubled.load(ordering: .relaxed), oneOf > 0, dice.roll(oneOf) == 0 {
            failures.add(1, ordering: .relaxed)
            throw Trouble()
        }
        let copy = copy batch
        stored.withLock { $0.append(copy) }
    }

    /// For when no thread writes any more.
    var batches: [Batch] { stored.withLock { $0 } }

    /// What the batches hold, read where they lie. A copy of them that outlives the lock is freed by whoever lets go of it last, and
    /// the thread sanitizer, which does not see references being counted, takes that for a race.
    func read<Value: Sendable>(_ body: ([Batch]) -> Value) -> Value {
        stored.withLock { body($0) }
    }
}

/// SplitMix64: the same rolls for the same seed.
struct Dice: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// 0 ..< bound
    mutating func roll(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ (bits >> 31)) % UInt64(bound))
    }
}

/// Hands something to the one thread that uses it from then on.
///
/// `@unchecked Sendable`: the thread that made it uses it no more until it has joined the other.
struct Handed<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// Ingestor and drain on threads of their own, as the service has them, with rings so small that they fill.
final class ThreadedPlant {
    let channel = IntakeChannel(capacity: 256)
    let counters = LiveCounters()
    let commands: CommandInbox
    let sink: Handed<TroubledSink>
    private let ingestor: Handed<Ingestor>
    private let drain: Handed<Drain<TroubledSink>>

    init(rules: [AlertRule] = [], failsOneOf: Int, seed: UInt64) throws {
        let registry = try Plant.registry()
        var limits = DecodeLimits()
        limits.readings = 16
        ingestor = Handed(Ingestor(channel: channel, registry: registry, limits: limits))
        commands = CommandInbox(work: channel.work)
        let sink = TroubledSink(oneOf: failsOneOf, dice: Dice(seed: ~seed))
        self.sink = Handed(sink)
        let composer = BatchComposer(
            registry: registry, aggregator: Aggregator(shapes: registry.shapes, zone: .utc),
            engine: AlertEngine(rules: rules, registry: registry, listeningSince: Plant.now), grace: 2_000)
        drain = Handed(
            Drain(
                channel: channel, store: sink, composer: composer, commands: commands, counters: counters,
                surroundings: .init(
                    now: { Plant.now }, ticks: { 0 }, committed: { _ in }, failed: { _, _ in })))
    }

    /// Starts the drain thread; it ends with `channel.stop()`.
    func startDrain() -> PlainThread {
        let drain = drain
        return PlainThread { drain.value.run() }
    }

    /// Starts a thread that is a broker's session: `messages` numbered messages of device `a` in bursts; what was not
    /// settled comes again over the next connection, and QoS 0 of device `b` never does.
    /// - Parameter settled: how many are acknowledged, when it ends: all, or the channel stopped.
    func startIntake(messages: Int, seed: UInt64, settled: Atomic<Int>.Shared) -> PlainThread {
        let session = Session(
            channel: channel, ingestor: ingestor, sink: sink, messages: messages, dice: Dice(seed: seed),
            settled: settled)
        return PlainThread {
            var session = session
            session.run()
        }
    }
}

extension Atomic where Value == Int {
    /// A number that closures of several threads hold.
    final class Shared: Sendable {
        let value = Atomic<Int>(0)
    }
}

private struct Session: Sendable {
    let channel: IntakeChannel
    let ingestor: Handed<Ingestor>
    let sink: Handed<TroubledSink>
    let messages: Int
    var dice: Dice
    let settled: Atomic<Int>.Shared

    mutating func run() {
        var next = 0
        while next < messages {
            // Up to more than the rings hold: then the intake waits for the drain within the burst.
            let end = min(next + 1 + dice.roll(dice.roll(4) == 0 ? 600 : 40), messages)
            for number in next..<end {
                send(number)
                if dice.roll(10) == 0 { receive("t/b/raw", "\(number)", packet: 0, .mqttAtMostOnce) }
            }
            if ingestor.value.settle() {
                next = end
                settled.value.store(next, ordering: .releasing)
            } else if channel.isStopping.load(ordering: .relaxed) {
                return
            } else {
                let history = sink.value.read { $0.flatMap(\.acknowledgements) }
                ingestor.value.resume(history: history)
            }
        }
    }

    static func isSpoiled(_ number: Int) -> Bool { number % 7 == 3 }

    private func send(_ number: Int) {
        let value = Self.isSpoiled(number) ? "\"x\"" : "\(number % 100)"
        let payload = "{\"ts\":\(Plant.now + Int64(number)),\"seq\":\(number),\"v\":\(value)}"
        receive("t/a/json", payload, packet: UInt16(number % 65_535 + 1), .mqttAtLeastOnce)
    }

    private func receive(_ topic: String, _ payload: String, packet: UInt16, _ source: MessageSource) {
        Array(topic.utf8).withUnsafeBufferPointer { topic in
            Array(payload.utf8).withUnsafeBytes { payload in
                ingestor.value.receive(
                    topic: topic, payload: payload, packet: packet, source: source, isRetained: false,
                    arrival: Plant.now)
            }
        }
    }
}
