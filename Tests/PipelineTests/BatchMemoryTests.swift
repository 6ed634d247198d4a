import Telemetry
import Testing

@testable import Pipeline

/// Batches that are made in the memory of those before.
@Suite("Memory of batches")
struct BatchMemoryTests {
    @Test("a batch in the memory of the one before has nothing of it, and takes nothing from who kept that")
    func reuse() throws {
        let plant = try Plant()
        for number in 0..<3 {
            for part in 0...number {
                let sequence = number * 10 + part
                plant.receive(
                    "t/a/json", plant.message(sequence, "\(sequence)", time: Plant.now + Int64(sequence)))
            }
            plant.drain.step(now: Plant.now)
        }
        let batches = plant.sink.batches.filter { !$0.readings.isEmpty }
        #expect(batches.map { $0.readings.map(\.value) } == [[0], [10, 11], [20, 21, 22]])
        #expect(batches.map { $0.messages.map(\.sequence) } == [[0], [10, 11], [20, 21, 22]])
    }

    @Test("losses are told by source and domain, once")
    func losses() throws {
        var tally = LossTally(try Plant.registry())
        var one = LossCounters()
        one.received = 1
        for _ in 0..<3 { tally.add(one, source: .mqttAtLeastOnce, device: 0) }
        tally.add(one, source: .replay, device: 0)
        tally.add(one, source: .replay, device: .max)
        let losses = tally.take()
        #expect(losses.count == 3)
        #expect(losses[LossKey(source: "mqtt-qos1", domain: "test")]?.received == 3)
        #expect(losses[LossKey(source: "replay", domain: "test")]?.received == 1)
        #expect(losses[LossKey(source: "replay", domain: "_")]?.received == 1)
        #expect(tally.take().isEmpty)
    }
}
