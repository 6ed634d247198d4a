import TestSupport
import Testing

@testable import Telemetry

@Suite("Quantile sketch")
struct QuantileSketchTests {
    @Test("is within one percent of the true quantile", arguments: 1...10 as ClosedRange<UInt64>)
    func accuracy(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<5_000).map { _ in Double.random(in: 0.001...10_000, using: &generator) }.sorted()
        var sketch = QuantileSketch()
        for value in values.shuffled(using: &generator) { sketch.add(value) }
        for quantile in [0.01, 0.5, 0.85, 0.95, 0.999] {
            let exact = values[Int(quantile * Double(values.count - 1))]
            let estimate = try #require(sketch.value(at: quantile))
            #expect(
                abs(estimate - exact) <= 0.01 * exact,
                "seed \(seed), quantile \(quantile): \(estimate) for \(exact)")
        }
    }

    @Test("merges to what one sketch of everything would be, and survives storage")
    func merge() {
        var generator = SeededGenerator(seed: 7)
        let values =
            (0..<1_000).map { _ in Double.random(in: -50...50, using: &generator) } + [0, 0, 1e-30, -1e-30]
        var whole = QuantileSketch()
        var parts = [QuantileSketch(), QuantileSketch(), QuantileSketch()]
        for (index, value) in values.enumerated() {
            whole.add(value)
            parts[index % 3].add(value)
        }
        var merged = parts[2]
        merged.merge(parts[0])
        merged.merge(parts[1])
        #expect(merged == whole)
        #expect(QuantileSketch(decoding: whole.encode()) == whole)
        #expect(QuantileSketch(decoding: [0x80]) == nil)
    }
}

@Suite("State history")
struct StateHistoryTests {
    @Test("knows the time in each state in whatever order reports arrive")
    func anyOrder() {
        let reports: [(Milliseconds, Double)] = [(0, 1), (10_000, 0), (25_000, 1), (40_000, 1)]
        var forward = StateHistory()
        for (time, value) in reports { forward.add(time, value) }
        var backward = StateHistory()
        for (time, value) in reports.reversed() { backward.add(time, value) }
        #expect(forward == backward)
        let times = forward.timeInState(until: 60_000)
        #expect(times.map(\.value) == [0, 1])
        #expect(times.map(\.time) == [15_000, 45_000])
        #expect(StateHistory(decoding: forward.encode()) == forward)
    }

    @Test("is bounded, and keeps changes when it must thin out")
    func bound() {
        var history = StateHistory()
        for minute in 0..<10_000 { history.add(Int64(minute) * 1_000, minute < 5_000 ? 0 : 1) }
        #expect(history.points.count <= StateHistory.maximumPoints)
        let times = history.timeInState(until: 10_000_000)
        #expect(times.map(\.time) == [5_000_000, 5_000_000])
    }
}
