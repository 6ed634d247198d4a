import Ring
import Synchronization
import Telemetry
import Testing

@testable import Pipeline

@Suite("Pipeline")
struct PipelineTests {
    @Test("stores a message, its reading and its acknowledgement in one batch")
    func oneBatch() throws {
        let plant = try Plant()
        plant.receive("t/a/json", plant.message(1), packet: 42)
        let durableBefore = plant.channel.durable.load(ordering: .relaxed)
        #expect(durableBefore == 0)
        #expect(plant.drain.step(now: Plant.now))
        let batch = try #require(plant.sink.batches.first)
        #expect(batch.readings.map(\.value) == [1.5])
        #expect(batch.acknowledgements.map(\.packet) == [42])
        #expect(batch.messages.map(\.sequence) == [1])
        let durable = plant.channel.durable.load(ordering: .relaxed)
        #expect(durable == 1)
        #expect(plant.ingestor.settle())
    }

    @Test("what the service reports of itself is one message of its device, and the newest report counts")
    func ownReadings() throws {
        let plant = try Plant()
        let series = plant.registry.seriesIDs[0][0]
        plant.channel.report([Reading(series: series, time: Plant.now - 1, value: 1)])
        plant.channel.report([Reading(series: series, time: Plant.now, value: 2)])
        plant.drain.step(now: Plant.now)
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.batches.map { $0.readings.map(\.value) } == [[2]])
        #expect(plant.sink.batches[0].acknowledgements.isEmpty)
        #expect(plant.sink.batches[0].losses.keys.map(\.source) == ["own"])
        #expect(plant.sink.losses.stored == 1 && plant.sink.losses.received == 1)
    }

    @Test("accounts for every message: received = stored + rejected + duplicate + dropped")
    func balance() throws {
        let plant = try Plant()
        plant.receive("t/a/json", plant.message(1))
        plant.receive("t/a/json", plant.message(1))
        plant.receive("t/a/json", plant.message(2, "\"x\""))
        plant.receive("t/a/json", "{")
        plant.receive("t/nobody/json", plant.message(1))
        plant.receive("somewhere/else", "1")
        plant.receive("t/b/raw", "7", isRetained: true)
        plant.receive("t/b/raw", "7")
        plant.receive("t/b/raw", "7")
        plant.drain.step(now: Plant.now)
        let losses = plant.sink.losses
        #expect(losses.received == 9)
        #expect(losses.stored == 3)
        #expect(losses.duplicate == 1)
        #expect(losses.rejected == 5)
        #expect(losses.isBalanced)
        let reasons = plant.sink.batches.flatMap(\.rejects).map(\.reason)
        #expect(reasons == [.notANumber, .notJSON, .unknownDevice, .unknownTopic, .retainedWithoutTime])
    }

    @Test(
        "counts a retained message that tells nothing newer than what is known as a repeat, however old it is"
    )
    func retainedAgain() throws {
        let plant = try Plant()
        let kept = plant.unnumbered(time: Plant.now - 100_000)
        plant.receive("t/c/plain", kept)
        // More messages than are remembered to recognise repeats by.
        for step in 0..<100 {
            plant.receive("t/c/plain", plant.unnumbered(time: Plant.now - 99_000 + Int64(step)))
        }
        plant.receive("t/c/plain", kept, isRetained: true)
        plant.receive("t/c/plain", plant.unnumbered(time: Plant.now), isRetained: true)
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.losses.stored == 102)
        #expect(plant.sink.losses.duplicate == 1)
    }

    @Test("writes down the state of devices though the clock was set back by a day")
    func clockSetBack() throws {
        let plant = try Plant()
        plant.receive("t/a/json", plant.message(1))
        plant.drain.step(now: Plant.now + Span.day)
        plant.receive("t/a/json", plant.message(2))
        plant.drain.step(now: Plant.now)
        let checkpoints = plant.sink.batches.compactMap(\.checkpoint)
        #expect(checkpoints.count == 2)
    }

    @Test("keeps a value outside its limits, marks it bad, and leaves it out of rollups")
    func bad() throws {
        let plant = try Plant()
        plant.receive("t/a/json", plant.message(1, "101"))
        plant.receive("t/a/json", plant.message(2, "99"))
        plant.drain.step(now: Plant.now)
        plant.drain.step(now: Plant.now + 2 * Span.minute)
        #expect(plant.sink.readings.map(\.quality) == [.bad, .good])
        let minute = plant.sink.batches.flatMap(\.rollups).first { $0.tier == .minute }
        #expect(minute?.accumulator.count == 1)
        #expect(plant.sink.losses.bad == 1)
    }

    @Test("refuses a clock two minutes ahead and a reading older than the retention")
    func times() throws {
        let plant = try Plant()
        plant.receive("t/a/json", plant.message(1, time: Plant.now + 2 * Span.minute + 1))
        plant.receive("t/a/json", plant.message(2, time: Plant.now - 401 * Span.day))
        plant.receive("t/a/json", plant.message(3, time: Plant.now + 2 * Span.minute))
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.batches.flatMap(\.rejects).map(\.reason) == [.timeInFuture, .tooOld])
        #expect(plant.sink.losses.stored == 1)
    }

    @Test("commits the very same batch again until it is stored, and acknowledges nothing before")
    func retry() throws {
        let plant = try Plant()
        plant.sink.failuresLeft = 2
        plant.receive("t/a/json", plant.message(1))
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.failures == 2)
        #expect(plant.sink.readings.count == 1)
        #expect(plant.sink.losses.stored == 1)
        let isFailing = plant.channel.isFailing.load(ordering: .relaxed)
        #expect(!isFailing)
    }

    @Test("recognises what the broker sends again after a resumed session")
    func redelivery() throws {
        let plant = try Plant()
        for number in 1...3 { plant.receive("t/b/raw", "\(number)", packet: UInt16(number)) }
        plant.drain.step(now: Plant.now)
        plant.ingestor.resume(history: plant.sink.batches.flatMap(\.acknowledgements))
        plant.receive("t/b/raw", "2", packet: 2)
        plant.receive("t/b/raw", "3", packet: 3)
        plant.receive("t/b/raw", "4", packet: 4)
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.readings.map(\.value) == [1, 2, 3, 4])
        #expect(plant.sink.losses.duplicate == 2)
    }

    @Test("keeps the history one run: what was sent again is not remembered twice")
    func oneRun() throws {
        let plant = try Plant()
        for number in 1...5 { plant.receive("t/b/raw", "\(number)", packet: UInt16(number)) }
        plant.drain.step(now: Plant.now)
        plant.ingestor.resume(history: plant.sink.batches.flatMap(\.acknowledgements))
        for number in 3...7 { plant.receive("t/b/raw", "\(number)", packet: UInt16(number)) }
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.batches.flatMap(\.acknowledgements).map(\.packet) == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test("quarantines a message once that was let go while storage failed, and came again")
    func letGoReject() throws {
        var limits = DecodeLimits()
        limits.readings = 1
        let channel = IntakeChannel(capacity: 16)
        let ingestor = Ingestor(channel: channel, registry: try Plant.registry(), limits: limits)
        func receive(_ number: Int) {
            Array("nowhere".utf8).withUnsafeBufferPointer { topic in
                Array("\(number)".utf8).withUnsafeBytes { payload in
                    ingestor.receive(
                        topic: topic, payload: payload, packet: UInt16(number), source: .mqttAtLeastOnce,
                        isRetained: false, arrival: Plant.now)
                }
            }
        }
        for number in 1...16 { receive(number) }
        channel.isFailing.store(true, ordering: .relaxed)
        receive(17)
        channel.isFailing.store(false, ordering: .relaxed)
        channel.messages.take(upTo: 16) { _ in }
        ingestor.resume(history: [])
        receive(17)
        #expect(channel.tray.take(before: .max).count == 17)
    }

    @Test("knows of a lost session until a commit tells of it, and of nothing else")
    func lostSession() throws {
        let plant = try Plant()
        plant.channel.report(Gap(kind: .brokerDropped, from: 1, to: 2, count: 3))
        let none = plant.channel.lostSessions.load(ordering: .relaxed)
        #expect(none == 0)
        plant.channel.report(Gap(kind: .sessionLost, from: 1, to: 2))
        let waiting = plant.channel.lostSessions.load(ordering: .relaxed)
        #expect(waiting == 1)
        plant.drain.step(now: Plant.now)
        let told = plant.channel.lostSessions.load(ordering: .relaxed)
        #expect(told == 0)
    }

    @Test("stores how much the broker has dropped with the gap that tells of it")
    func brokerDrops() throws {
        let plant = try Plant()
        plant.receive("t/a/json", plant.message(1))
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.batches.last?.brokerDrops == nil)
        plant.channel.report(Gap(kind: .brokerDropped, from: 1, to: 2, count: 3))
        plant.channel.brokerDrops.store(3, ordering: .releasing)
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.batches.last?.brokerDrops == 3)
        #expect(plant.sink.batches.last?.gaps.map(\.count) == [3])
    }

    @Test("stores nothing behind a batch that was given up when the service stopped")
    func givenUp() throws {
        let plant = try Plant()
        plant.sink.failuresLeft = 1
        plant.receive("t/a/json", plant.message(1))
        plant.channel.stop()
        plant.drain.step(now: Plant.now)
        plant.receive("t/a/json", plant.message(2))
        plant.drain.step(now: Plant.now + Span.minute)
        #expect(plant.sink.batches.isEmpty)
        let durable = plant.channel.durable.load(ordering: .relaxed)
        #expect(durable == 0)
    }

    @Test("lets an operator go at once when nothing can be stored, and says whether it may still be")
    func busy() throws {
        let plant = try Plant(rules: [Self.high])
        plant.receive("t/a/json", plant.message(1, "60"))
        plant.drain.step(now: Plant.now)
        let raised = try #require(plant.sink.batches.flatMap(\.alertEvents).first)
        plant.sink.failuresLeft = 1
        let answers = Mutex<[Result<AlertEvent, CommandInbox.Refusal>]>([])
        for _ in 0..<2 {
            let command = AlertCommand(
                identity: raised.identity, action: .acknowledge, operatorName: "x", comment: nil)
            plant.commands.put(command) { answer in answers.withLock { $0.append(answer) } }
        }
        plant.receive("t/a/json", plant.message(2, "61"))
        plant.drain.step(now: Plant.now + 1)
        let given = answers.withLock { $0 }
        #expect(given == [.failure(.undecided), .failure(.notPossible)])
        #expect(plant.sink.readings.count == 2)
    }

    @Test("lets everything go until the connection was dropped, once")
    func abandoned() throws {
        let plant = try Plant()
        plant.ingestor.abandon()
        plant.receive("t/a/json", plant.message(1))
        #expect(!plant.ingestor.settle())
        #expect(plant.ingestor.settle())
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.losses.received == 0)
    }

    @Test("counts what it lets go of QoS 0, which nobody sends again")
    func abandonedAtMostOnce() throws {
        let plant = try Plant()
        plant.ingestor.abandon()
        plant.receive("t/b/raw", "1", packet: 0, source: .mqttAtMostOnce)
        plant.receive("t/a/json", plant.message(1))
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.losses.received == 1)
        #expect(plant.sink.losses.dropped == 1)
    }

    @Test("drops QoS 0 when there is no room, and counts it; never QoS 1")
    func dropped() throws {
        let plant = try Plant()
        let room = plant.channel.readings.capacity
        for number in 0..<room + 10 {
            plant.receive(
                "t/b/raw", "\(number)", packet: 0, source: .mqttAtMostOnce, arrival: Plant.now + Int64(number)
            )
        }
        #expect(!plant.ingestor.hasRoom)
        while plant.drain.step(now: Plant.now) {}
        let losses = plant.sink.losses
        #expect(losses.received == Int64(room + 10))
        #expect(losses.stored == Int64(room))
        #expect(losses.dropped == 10)
        #expect(losses.isBalanced)
    }

    @Test("keeps a bounded part of a flood of bad messages and counts all of it")
    func rejectFlood() throws {
        let plant = try Plant()
        let flood = RejectTray.capacity + 100
        for number in 0..<flood { plant.receive("t/a/json", "{\(number)") }
        while plant.drain.step(now: Plant.now) {}
        #expect(plant.sink.batches.flatMap(\.rejects).count == RejectTray.capacity)
        #expect(plant.sink.losses.rejected == Int64(flood))
        let overflow = plant.channel.tray.overflow.load(ordering: .relaxed)
        #expect(overflow == 100)
    }

    private static let high = AlertRule(
        name: "High", domain: "test", group: "g", title: Title(vi: "", en: ""),
        condition: .threshold(measurement: "level", window: nil, limit: .above(50, clear: 50)),
        priority: .low, lead: "x", action: Title(vi: "", en: ""),
        summary: Title(vi: "{value}", en: "{value}"))

    @Test("answers an operator once the transition is stored, and refuses what is not possible")
    func command() throws {
        let plant = try Plant(rules: [Self.high])
        plant.receive("t/a/json", plant.message(1, "60"))
        plant.drain.step(now: Plant.now)
        let raised = try #require(plant.sink.batches.flatMap(\.alertEvents).first)
        #expect(raised.to == .unacknowledged)
        #expect(raised.summary.vi == "60")
        let answers = Mutex<[Result<AlertEvent, CommandInbox.Refusal>]>([])
        for _ in 0..<2 {
            let command = AlertCommand(
                identity: raised.identity, action: .acknowledge, operatorName: "ca trực", comment: nil)
            plant.commands.put(command) { answer in answers.withLock { $0.append(answer) } }
        }
        plant.drain.step(now: Plant.now + 1)
        #expect(plant.sink.batches.flatMap(\.alertEvents).map(\.to) == [.unacknowledged, .acknowledged])
        let given = answers.withLock { $0 }
        #expect(given.count == 2)
        #expect(throws: CommandInbox.Refusal.notPossible) { try given[1].get() }
        #expect(try given[0].get().operatorName == "ca trực")
    }

    @Test("adds up a counter's increases and sees its reset")
    func counter() {
        var state = NewestReading()
        let values = [10.0, 15, 15, 3, 8]
        let increases = values.enumerated().map { index, value in
            state.note(Reading(series: SeriesID(0), time: Int64(index), value: value), kind: .counter).weight
        }
        #expect(increases == [0, 5, 0, 3, 5])
        let late = state.note(Reading(series: SeriesID(0), time: 1, value: 12), kind: .counter)
        #expect(late.weight == 0)
        let spike = Reading(series: SeriesID(0), time: 10, value: 4e9, quality: .bad)
        let bad = state.note(spike, kind: .counter)
        #expect(bad.weight == 0)
        let next = state.note(Reading(series: SeriesID(0), time: 11, value: 9), kind: .counter)
        #expect(next.weight == 1)
    }
}

@Suite("Fingerprint")
struct FingerprintTests {
    @Test("differs when a byte moves between topic and payload, or any byte changes")
    func differs() {
        func print(_ topic: String, _ payload: String) -> Fingerprint {
            Array(topic.utf8).withUnsafeBytes { topic in
                Array(payload.utf8).withUnsafeBytes { Fingerprint(topic: topic, payload: $0) }
            }
        }
        #expect(print("ab", "c") != print("a", "bc"))
        #expect(print("a", "") == print("a", ""))
        var seen: Set<UInt64> = []
        for number in 0..<100_000 { seen.insert(print("topic", "{\"v\":\(number)}").low) }
        #expect(seen.count == 100_000)
    }
}
