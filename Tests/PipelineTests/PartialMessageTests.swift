import Ring
import Synchronization
import Telemetry
import Testing

@testable import Pipeline

@Suite("Messages of which parts are refused")
struct PartialMessageTests {
    /// Two good lines and two bad ones.
    private let lines = """
        m,dev=e v=1 1767574900000000000
        m,dev=e v=x 1767574901000000000
        m,dev=a v=2 1767574902000000000
        m,dev=e v=3 1767574903000000000

        """

    @Test(
        "the good parts are stored, the first bad one is in the quarantine, and the message is counted as stored"
    )
    func stored() throws {
        let plant = try Plant()
        plant.receive("t/e/lines", lines)
        plant.receive("t/e/lines", "m,dev=e v=4 1767574904000000000")
        plant.receive("t/e/lines", "m,dev=e v=y")
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.readings.map(\.value) == [1, 3, 4])
        let losses = plant.sink.losses
        #expect(losses.received == 3)
        #expect(losses.stored == 2)
        #expect(losses.rejected == 1)
        #expect(losses.isBalanced)
        let rejects = plant.sink.batches.flatMap(\.rejects)
        #expect(rejects.map(\.reason) == [.notANumber, .notANumber])
        #expect(rejects.map(\.offset) == [42, 10])
        #expect(rejects.first?.payload == Array(lines.utf8))
        let partial = plant.counters.partial.load(ordering: .relaxed)
        #expect(partial == 1)
        let refused = plant.counters.rejections.withLock { $0 }
        #expect(refused == [.notANumber: 1])
    }

    @Test("one that was sent again is a repeat, and is not counted as stored in part twice")
    func repeated() throws {
        let plant = try Plant()
        plant.receive("t/e/lines", lines)
        plant.receive("t/e/lines", lines)
        plant.drain.step(now: Plant.now)
        #expect(plant.sink.readings.count == 2)
        #expect(plant.sink.losses.duplicate == 1)
        #expect(plant.sink.losses.isBalanced)
        let partial = plant.counters.partial.load(ordering: .relaxed)
        #expect(partial == 1)
    }

    @Test("one that was let go while storage failed, and came again, is in the quarantine once")
    func letGo() throws {
        var limits = DecodeLimits()
        limits.readings = 2
        let channel = IntakeChannel(capacity: 32)
        let ingestor = Ingestor(channel: channel, registry: try Plant.registry(), limits: limits)
        func receive(_ number: UInt16, _ source: MessageSource = .mqttAtLeastOnce) {
            Array("t/e/lines".utf8).withUnsafeBufferPointer { topic in
                Array("m,dev=e v=\(number)\nm,dev=e v=x".utf8).withUnsafeBytes { payload in
                    ingestor.receive(
                        topic: topic, payload: payload, packet: number, source: source, isRetained: false,
                        arrival: Plant.now)
                }
            }
        }
        for number in 1...32 { receive(UInt16(number)) }
        channel.isFailing.store(true, ordering: .relaxed)
        receive(33)
        channel.isFailing.store(false, ordering: .relaxed)
        channel.messages.take(upTo: 32) { _ in }
        channel.readings.take(upTo: 32) { _ in }
        ingestor.resume(history: [])
        receive(33)
        #expect(channel.tray.take(before: .max).count == 33)
    }

    @Test("one for which there is no room is dropped whole: the quarantine keeps no part of it")
    func dropped() throws {
        let plant = try Plant()
        let room = plant.channel.readings.capacity
        for number in 0..<room + 3 {
            plant.receive(
                "t/e/lines", number < room ? "m,dev=e v=\(number)" : "m,dev=e v=1\nm,dev=e v=x", packet: 0,
                source: .mqttAtMostOnce, arrival: Plant.now + Int64(number))
        }
        while plant.drain.step(now: Plant.now) {}
        let losses = plant.sink.losses
        #expect(losses.dropped == 3)
        #expect(losses.isBalanced)
        #expect(plant.sink.batches.flatMap(\.rejects).isEmpty)
        let partial = plant.counters.partial.load(ordering: .relaxed)
        #expect(partial == 0)
    }
}
