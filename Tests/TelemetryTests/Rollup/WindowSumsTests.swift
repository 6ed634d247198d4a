import TestSupport
import Testing

@testable import Telemetry

/// 2026-01-05 00:00 in Huế.
private let midnight: Milliseconds = 1_767_546_000_000

@Suite("Sums of an open window")
struct WindowSumsTests {
    private func readings(_ count: Int, within length: Milliseconds, _ chance: inout SeededGenerator)
        -> [Reading]
    {
        (0..<count).map { _ in
            Reading(
                series: SeriesID(0), time: midnight + Milliseconds.random(in: 0..<length, using: &chance),
                value: Double(Int.random(in: -400...400, using: &chance)) / 4,
                weight: Double(Int.random(in: 1...16, using: &chance)))
        }
    }

    @Test("are one cache line") func size() { #expect(MemoryLayout<WindowSums>.stride == 64) }

    @Test(
        "are an accumulator's, whatever is measured",
        arguments: MeasurementKind.allCases, 1...10 as ClosedRange<UInt64>)
    func accumulator(kind: MeasurementKind, seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let readings = readings(40, within: Span.minute, &chance)
        var expected = Accumulator()
        for reading in readings { expected.add(reading, kind: kind) }
        var sums = WindowSums(readings[0], kind, startingAt: midnight)
        for reading in readings.dropFirst() {
            let isWithin = sums.addWithinMinute(reading, kind)
            #expect(isWithin)
        }
        #expect(sums.start == midnight)
        #expect(sums.accumulator(weight: expected.weight) == expected, "seed \(seed)")
        #expect(WindowSums(expected, startingAt: midnight) == sums, "seed \(seed)")
    }

    @Test(
        "of shorter windows merge to those of a day of 25 hours, in any order",
        arguments: 1...20 as ClosedRange<UInt64>)
    func merge(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let day = 25 * Span.hour
        let readings =
            readings(100, within: day, &chance) + [
                Reading(series: SeriesID(0), time: midnight + day - 1, value: 7)
            ]
        var expected = Accumulator()
        var merged: WindowSums?
        for reading in readings.shuffled(using: &chance) {
            expected.add(reading, kind: .gauge)
            let minute = Tier.minute.start(of: reading.time, in: .utc)
            let part = WindowSums(reading, .gauge, startingAt: minute)
            if merged == nil { merged = part.starting(at: midnight) } else { merged!.merge(part) }
        }
        #expect(merged?.accumulator(weight: nil) == expected, "seed \(seed)")
    }

    @Test("takes no reading of another minute")
    func otherMinute() {
        var sums = WindowSums(
            Reading(series: SeriesID(0), time: midnight + 1, value: 1), .gauge, startingAt: midnight)
        let before = sums
        for time in [midnight - 1, midnight + Span.minute, .min, .max] {
            let isWithin = sums.addWithinMinute(Reading(series: SeriesID(0), time: time, value: 2), .gauge)
            #expect(!isWithin)
        }
        #expect(sums == before)
        var none = WindowSums.none
        let isWithin = none.addWithinMinute(Reading(series: SeriesID(0), time: midnight, value: 2), .gauge)
        #expect(!isWithin && none.isEmpty)
    }

    @Test("count no further than they can")
    func most() {
        var many = Accumulator()
        many.add(Reading(series: SeriesID(0), time: midnight, value: 1), kind: .gauge)
        many.count = 1 << 40
        var sums = WindowSums(many, startingAt: midnight)
        sums.merge(sums)
        #expect(sums.count == .max)
    }
}
