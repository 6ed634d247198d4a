import TestSupport
import Testing

@testable import Telemetry

@Suite("Open minutes besides the newest")
struct OtherMinutesTests {
    private struct Key: Hashable {
        var start: Milliseconds
        var series: SeriesID
    }

    private let shape = SeriesShape(kind: .gauge)

    private func reading(_ key: Key, _ value: Double) -> Reading {
        Reading(series: key.series, time: key.start + 1, value: value)
    }

    @Test(
        "are what was put, added and not yet taken, whatever the order",
        arguments: 1...30 as ClosedRange<UInt64>)
    func anyOrder(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var minutes = OtherMinutes()
        var known: [Key: Accumulator] = [:]
        for step in 0..<2_000 {
            let key = Key(
                start: Milliseconds.random(in: 0..<6, using: &chance) * Span.minute,
                series: SeriesID(UInt32.random(in: 0..<12, using: &chance)))
            switch Int.random(in: 0..<20, using: &chance) {
            case 0:
                let taken = minutes.take(endingBy: key.start)
                let keys = Set(taken.map { Key(start: $0.start, series: $0.series) })
                #expect(keys == Set(known.keys.filter { $0.start < key.start }), "step \(step) of \(seed)")
                #expect(keys.count == taken.count, "step \(step) of \(seed)")
                known = known.filter { $0.key.start >= key.start }
            case 1..<8 where known[key] == nil:
                let first = WindowSums(reading(key, 1), .gauge, startingAt: key.start)
                minutes.put(key.series, first, nil)
                known[key] = first.accumulator(weight: nil)
            default:
                minutes.add(reading(key, Double(step)), shape, startingAt: key.start)
                known[key, default: Accumulator()].add(reading(key, Double(step)), kind: .gauge)
            }
            #expect(minutes.count == known.count)
        }
        let left = minutes.take(endingBy: .max)
        #expect(left.allSatisfy { known[Key(start: $0.start, series: $0.series)] == $0.accumulator })
        #expect(left.count == known.count && minutes.count == 0)
    }

    @Test("of one series are taken together, however many, each with what it keeps beside its sums")
    func many() {
        let shape = SeriesShape(kind: .state)
        var minutes = OtherMinutes()
        let keys = (0..<30_000).map { Key(start: Milliseconds($0) * Span.minute, series: SeriesID(0)) }
        for key in keys {
            for value in [1, 2] as [Double] { minutes.add(reading(key, value), shape, startingAt: key.start) }
        }
        #expect(minutes.count == keys.count)
        let taken = minutes.take(endingBy: .max)
        #expect(taken.map(\.start) == keys.map(\.start))
        #expect(taken.allSatisfy { $0.detail != .none && $0.accumulator.count == 2 })
    }

    @Test("are crowded from the oldest on, beside those that are due anyway")
    func crowded() {
        var minutes = OtherMinutes()
        for minute in 0..<4 {
            for series in 0..<3 {
                let key = Key(start: Milliseconds(minute) * Span.minute, series: SeriesID(UInt32(series)))
                minutes.add(reading(key, 1), shape, startingAt: key.start)
            }
        }
        #expect(minutes.crowdedEnd(over: 12, after: 0) == nil)
        #expect(minutes.crowdedEnd(over: 11, after: 0) == Span.minute)
        #expect(minutes.crowdedEnd(over: 5, after: 0) == 3 * Span.minute)
        #expect(minutes.crowdedEnd(over: 5, after: 2 * Span.minute) == 3 * Span.minute)
        #expect(minutes.crowdedEnd(over: 6, after: 2 * Span.minute) == nil)
    }
}
