import Glibc
import Ring
import Synchronization
import Telemetry
import Testing

@testable import Pipeline

/// Most of all for the thread sanitizer (`make race`), which sees what these assertions cannot.
@Suite("Pipeline on threads of its own")
struct ThreadedPlantTests {
    /// Whether a thread beside the plant goes on.
    private final class Switch: Sendable {
        let isOn = Atomic<Bool>(true)
    }

    private static let rule = AlertRule(
        name: "High", domain: "test", group: "g", title: Title(vi: "", en: ""),
        condition: .threshold(measurement: "level", window: nil, limit: .above(50, clear: 50)),
        priority: .low,
        lead: "x", action: Title(vi: "", en: ""), summary: Title(vi: "{value}", en: "{value}"))

    @Test(
        "stores every message once while commits fail, operators command and others watch",
        .timeLimit(.minutes(5)))
    func troubled() throws {
        let seed = UInt64.random(in: 0 ... .max)
        let messages = 4_000
        let plant = try ThreadedPlant(rules: [Self.rule], failsOneOf: 4, seed: seed)
        let settled = Atomic<Int>.Shared()
        let answers = Atomic<Int>.Shared()
        let isRunning = Switch()
        let drain = plant.startDrain()
        let intake = plant.startIntake(messages: messages, seed: seed, settled: settled)
        let operators = operators(plant, answers, isRunning)
        let watcher = watcher(plant, isRunning)
        intake.join()
        isRunning.isOn.store(false, ordering: .relaxed)
        let asked = operators()
        let faults = watcher()
        // A stop gives up what cannot be stored; here only what can is to be counted.
        plant.sink.value.isTroubled.store(false, ordering: .relaxed)
        plant.channel.stop()
        drain.join()

        let batches = plant.sink.value.batches
        let numbered = batches.flatMap(\.readings).filter { $0.series == SeriesID(0) }.map {
            Int($0.time - Plant.now)
        }
        #expect(numbered == (0..<messages).filter { $0 % 7 != 3 }, "seed \(seed)")
        let losses = batches.flatMap { Array($0.losses.values) }.reduce(into: LossCounters()) { $0 += $1 }
        #expect(losses.isBalanced, "seed \(seed)")
        let received = plant.counters.received.load(ordering: .relaxed)
        #expect(received == losses.received)
        #expect(
            Set(batches.flatMap(\.messages).filter { $0.sequence >= 0 }.map(\.sequence)).count
                == numbered.count)
        let durable = plant.channel.durable.load(ordering: .acquiring)
        #expect(durable == plant.channel.messages.publishedPosition)
        #expect(batches.flatMap(\.gaps).map(\.count) == (0..<asked).map { UInt64($0) }, "seed \(seed)")
        let answered = answers.value.load(ordering: .relaxed)
        #expect(answered == asked)
        #expect(faults.isEmpty, "seed \(seed): \(faults)")
        let failures = plant.sink.value.failures.load(ordering: .relaxed)
        #expect(failures > 0)
    }

    @Test(
        "a stop while nothing can be stored ends both threads; nothing was acknowledged",
        .timeLimit(.minutes(5)))
    func givenUp() throws {
        let seed = UInt64.random(in: 0 ... .max)
        let plant = try ThreadedPlant(failsOneOf: 1, seed: seed)
        let settled = Atomic<Int>.Shared()
        let drain = plant.startDrain()
        let intake = plant.startIntake(messages: 4_000, seed: seed, settled: settled)
        while plant.sink.value.failures.load(ordering: .relaxed) < 3 { usleep(1_000) }
        plant.channel.stop()
        drain.join()
        intake.join()
        #expect(plant.sink.value.batches.isEmpty)
        let acknowledged = settled.value.load(ordering: .acquiring)
        #expect(acknowledged == 0, "seed \(seed)")
        let durable = plant.channel.durable.load(ordering: .acquiring)
        #expect(durable == 0)
    }

    @Test("a stop stores what was taken before it", .timeLimit(.minutes(5)))
    func stopped() throws {
        let seed = UInt64.random(in: 0 ... .max)
        let plant = try ThreadedPlant(failsOneOf: 0, seed: seed)
        let settled = Atomic<Int>.Shared()
        let drain = plant.startDrain()
        let intake = plant.startIntake(messages: 2_000, seed: seed, settled: settled)
        intake.join()
        plant.channel.stop()
        drain.join()
        let acknowledged = settled.value.load(ordering: .acquiring)
        #expect(acknowledged == 2_000)
        let acknowledgements = plant.sink.value.batches.flatMap(\.acknowledgements)
        #expect(acknowledgements.map(\.packet) == (1...2_000).map { UInt16($0) }, "seed \(seed)")
    }

    /// A thread that acknowledges alerts, known and unknown, and reports a numbered gap beside each.
    /// - Returns: ends it and says how many commands it gave.
    private func operators(_ plant: ThreadedPlant, _ answers: Atomic<Int>.Shared, _ isRunning: Switch) -> ()
        -> Int
    {
        let commands = plant.commands
        let channel = plant.channel
        let asked = Atomic<Int>.Shared()
        let thread = PlainThread {
            while isRunning.isOn.load(ordering: .relaxed) {
                let number = asked.value.load(ordering: .relaxed)
                let command = AlertCommand(
                    identity: AlertIdentity(rule: "High", scope: "a", onset: Plant.now + Int64(number)),
                    action: .acknowledge, operatorName: "ca trực", comment: nil)
                channel.report(Gap(kind: .brokerDropped, from: 0, to: 1, count: UInt64(number)))
                commands.put(command) { _ in answers.value.add(1, ordering: .relaxed) }
                channel.publishedEvent.store(Int64(number), ordering: .relaxed)
                asked.value.store(number + 1, ordering: .relaxed)
                usleep(500)
            }
        }
        return {
            thread.join()
            return asked.value.load(ordering: .relaxed)
        }
    }

    /// A thread that reads what the status page reads: what is durable never becomes less.
    /// - Returns: ends it and says what it saw wrong.
    private func watcher(_ plant: ThreadedPlant, _ isRunning: Switch) -> () -> [String] {
        let channel = plant.channel
        let counters = plant.counters
        let sink = plant.sink
        let faults = Mutex<[String]>.Shared()
        let thread = PlainThread {
            var durable: UInt64 = 0
            var received: Int64 = 0
            while isRunning.isOn.load(ordering: .relaxed) {
                let nowDurable = channel.durable.load(ordering: .acquiring)
                let nowReceived = counters.received.load(ordering: .relaxed)
                if nowDurable < durable || nowReceived < received {
                    faults.value.withLock {
                        $0.append("\(durable) and \(received) became \(nowDurable) and \(nowReceived)")
                    }
                }
                durable = nowDurable
                received = nowReceived
                // What is durable was stored: its messages are counted already.
                let stored = sink.value.read { batches in
                    batches.reduce(0) { $1.losses.values.reduce($0) { $0 + $1.received } }
                }
                if stored < Int64(durable) {
                    faults.value.withLock { $0.append("\(durable) durable, \(stored) stored") }
                }
                usleep(1_000)
            }
        }
        return {
            thread.join()
            return faults.value.withLock { $0 }
        }
    }
}

extension Mutex where Value == [String] {
    /// A list that closures of several threads hold.
    final class Shared: Sendable {
        let value = Mutex<[String]>([])
    }
}
