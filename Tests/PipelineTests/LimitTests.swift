import Synchronization
import Telemetry
import Testing

@testable import Pipeline

/// Each bound of the data plane, gone past: what is beyond it is refused or put off, counted, and the rest goes on.
@Suite("Limits of the pipeline")
struct LimitTests {
    private func rejections(_ plant: Plant) -> [RejectionReason: Int64] {
        plant.counters.rejections.withLock { $0 }
    }

    @Test("counts every refused message by its reason, those too whose details were not kept")
    func reasons() throws {
        let plant = try Plant()
        let flood = RejectTray.capacity + 100
        for number in 0..<flood { plant.receive("t/a/json", "{\(number)") }
        plant.receive("t/nobody/json", "1")
        while plant.drain.step(now: Plant.now) {}
        #expect(rejections(plant) == [.notJSON: Int64(flood), .unknownDevice: 1])
        let rejected = plant.counters.rejected.load(ordering: .relaxed)
        #expect(rejected == Int64(flood) + 1)
    }

    @Test("refuses a topic that is too long or too deep before it is looked up, and keeps its beginning only")
    func topics() throws {
        var limits = DecodeLimits()
        limits.topicBytes = 64
        let plant = try Plant(limits: limits)
        // Of a known shape and a known device, so that only its length speaks against it.
        plant.receive("t/" + String(repeating: "x", count: 58) + "/json", "{")
        plant.receive("t/" + String(repeating: "x", count: 57) + "/json", "1")
        plant.receive(String(repeating: "/", count: TopicTemplate.maximumLevels), "1")
        plant.receive(String(repeating: "/", count: TopicTemplate.maximumLevels - 1), "1")
        plant.receive(String(repeating: "ế", count: 20_000), "1")
        plant.receive("t/a/json", plant.message(1))
        plant.drain.step(now: Plant.now)
        let rejects = plant.sink.batches.flatMap(\.rejects)
        #expect(
            rejects.map(\.reason) == [
                .topicTooLong, .unknownDevice, .topicTooLong, .unknownTopic, .topicTooLong,
            ])
        // Sixty-four bytes cut in the middle of a letter: what is left of it becomes one sign of three bytes.
        #expect(rejects.allSatisfy { $0.topic.utf8.count <= 66 })
        #expect(rejections(plant)[.topicTooLong] == 3)
        #expect(plant.sink.losses.stored == 1)
        #expect(plant.sink.losses.isBalanced)
    }

    @Test("refuses a payload that is too large, too deep or too full, and takes the next one")
    func payloads() throws {
        var limits = DecodeLimits()
        limits.payloadBytes = 200
        limits.depth = 4
        limits.readings = 3
        let plant = try Plant(limits: limits)
        func pack(_ count: Int) -> String {
            let values = (0..<count).map { "{\"n\":\"level\",\"v\":\($0)}" }
            return "[\(values.joined(separator: ","))]"
        }
        plant.receive("t/a/json", "{\"x\":\"" + String(repeating: "x", count: 200) + "\"}")
        plant.receive("t/a/json", "{\"x\":[[[[1]]]]}")
        plant.receive("t/d/pack", pack(4))
        plant.receive("t/d/pack", pack(3))
        plant.drain.step(now: Plant.now)
        #expect(rejections(plant) == [.tooLarge: 1, .tooDeep: 1, .tooManyReadings: 1])
        #expect(plant.sink.readings.map(\.value) == [0, 1, 2])
        #expect(plant.sink.losses.isBalanced)
    }

    @Test("closes the oldest minutes early when too many are open, and amends them with what comes later")
    func openWindows() throws {
        var limits = DecodeLimits()
        limits.future = Span.hour
        let plant = try Plant(limits: limits, openWindows: 5)
        for round in 0..<2 {
            for minute in 0..<20 {
                let time = Plant.now + Int64(minute) * Span.minute
                plant.receive("t/a/json", plant.message(round * 20 + minute, time: time))
            }
            plant.drain.step(now: Plant.now)
            let open = plant.counters.openWindows.load(ordering: .relaxed)
            #expect(open == 5)
        }
        let early = plant.counters.windowsClosedEarly.load(ordering: .relaxed)
        #expect(early == 14)
        #expect(plant.sink.losses.late == 14)
        plant.drain.step(now: Plant.now + Span.hour)
        let rollups = plant.sink.batches.flatMap { [$0.rollups, $0.amendments].joined() }.filter {
            $0.tier == .minute
        }
        #expect(Set(rollups.map(\.start)).count == 20)
        #expect(rollups.reduce(0) { $0 + $1.accumulator.count } == 40)
    }

    private static let command = AlertCommand(
        identity: AlertIdentity(rule: "R", scope: "a", onset: 0), action: .acknowledge, operatorName: "x",
        comment: nil)

    @Test("turns operators away once too many wait, counts them, and answers those that wait")
    func commands() throws {
        let plant = try Plant()
        let answers = Mutex<[CommandInbox.Refusal?]>([])
        for _ in 0..<CommandInbox.capacity + 3 {
            plant.commands.put(Self.command) { answer in
                let refusal =
                    if case .failure(let refusal) = answer { refusal } else { CommandInbox.Refusal?.none }
                answers.withLock { $0.append(refusal) }
            }
        }
        let atOnce = answers.withLock { $0 }
        #expect(atOnce == [.busy, .busy, .busy])
        let refused = plant.commands.refused.load(ordering: .relaxed)
        #expect(refused == 3)
        #expect(plant.commands.count == CommandInbox.capacity)
        plant.drain.step(now: Plant.now)
        let inTheEnd = answers.withLock { $0 }
        #expect(inTheEnd.dropFirst(3).allSatisfy { $0 == .notPossible })
        #expect(inTheEnd.count == CommandInbox.capacity + 3)
        #expect(plant.commands.count == 0)
    }

    @Test("refuses a command at once when the drain has ended: nobody would answer it")
    func commandsAfterTheEnd() throws {
        let plant = try Plant()
        let answers = Mutex<[Result<AlertEvent, CommandInbox.Refusal>]>([])
        plant.channel.stop()
        plant.drain.run()
        plant.commands.put(Self.command) { answer in answers.withLock { $0.append(answer) } }
        let answered = answers.withLock { $0 }
        #expect(answered == [.failure(.busy)])
        #expect(plant.commands.count == 0)
    }

    @Test(
        "keeps a bounded number of gaps between two commits, and loses neither their length nor their count")
    func gaps() throws {
        let plant = try Plant()
        for number in 0..<200 as Range<Int64> {
            plant.channel.report(Gap(kind: .brokerDropped, from: number, to: number + 1, count: 2))
        }
        plant.channel.report(Gap(kind: .sessionLost, from: 7, to: 8))
        plant.drain.step(now: Plant.now)
        let gaps = plant.sink.batches.flatMap(\.gaps)
        #expect(gaps.count == IntakeChannel.maximumGaps + 1)
        #expect(gaps.last?.kind == .sessionLost)
        #expect(gaps.reduce(0) { $0 + $1.count } == 400)
        #expect(gaps[IntakeChannel.maximumGaps - 1].to == 200)
    }

    @Test("puts no more messages into one transaction than it may, and the rest into the next")
    func batch() throws {
        let plant = try Plant()
        let most = Drain<MemorySink>.maximumBatch
        for number in 0..<most + 10 { plant.receive("t/a/json", plant.message(number)) }
        while plant.drain.step(now: Plant.now) {}
        #expect(plant.sink.batches.map(\.messages.count) == [most, 10])
    }
}
