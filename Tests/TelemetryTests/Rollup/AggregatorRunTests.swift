import TestSupport
import Testing

@testable import Telemetry

/// 2026-01-05 00:00 in Huế.
private let midnight: Milliseconds = 1_767_546_000_000

@Suite("Aggregator, readings in runs")
struct AggregatorRunTests {
    /// Every kind, with and without quantiles, and series that there are not.
    private func shapes(_ count: Int) -> [SeriesShape?] {
        let kinds = MeasurementKind.allCases
        return (0..<count).map { index in
            guard index % 11 != 10 else { return nil }
            return SeriesShape(kind: kinds[index % kinds.count], keepsQuantiles: index % 7 == 6)
        }
    }

    /// Mostly of the minute before `now`; some older, ahead, of no time that a window can be of, bad, or of no series.
    private func reading(_ now: Milliseconds, _ series: Int, _ chance: inout SeededGenerator) -> Reading {
        var reading = Reading(
            series: SeriesID(UInt32.random(in: 0..<UInt32(series + 3), using: &chance)),
            time: now - Milliseconds.random(in: 0..<Span.minute, using: &chance),
            value: Double(Int.random(in: -400...400, using: &chance)) / 4,
            weight: Double(Int.random(in: 0...8, using: &chance)))
        switch Int.random(in: 0..<40, using: &chance) {
        case 0: reading.quality = .bad
        case 1: reading.quality = .uncertain
        case 2: reading.time -= Milliseconds.random(in: 0..<2 * Span.hour, using: &chance)
        case 3: reading.time += Milliseconds.random(in: 0..<3 * Span.minute, using: &chance)
        case 4: reading.time = [.min, .max, 0, -1, -Span.day].randomElement(using: &chance)!
        default: break
        }
        return reading
    }

    @Test(
        "says of a run what it says of its readings one by one, in a small city and in a large one",
        arguments: [20, 20_000], 1...8 as ClosedRange<UInt64>)
    func runs(series: Int, seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let shapes = shapes(series)
        // Around 1970, too, where minutes are below 0; and of those that have closed nothing yet.
        let begin = seed % 2 == 0 ? midnight : -15 * Span.minute
        let closedThrough = seed % 3 == 0 ? .min : begin
        var inRuns = Aggregator(
            shapes: shapes, zone: .utc, closedThrough: closedThrough, openWindows: seed % 4 == 0 ? 30 : .max)
        var oneByOne = inRuns
        var late = 0
        for step in 0..<60 {
            let now = begin + Milliseconds(step) * Span.minute / 2
            // Few of the series of a large city: else no window would have two readings.
            let run = (0..<Int.random(in: 0..<400, using: &chance)).map { _ in
                reading(now, min(series, 60), &chance)
            }
            let lateOfRun = inRuns.add(run, from: 0)
            #expect(lateOfRun == run.count { oneByOne.add($0) }, "step \(step) of \(seed)")
            late += lateOfRun
            if Int.random(in: 0..<9, using: &chance) == 0 {
                // What is done to a copy is nothing to the other.
                var copy = inRuns
                _ = copy.add(run, from: 0)
                _ = copy.close(through: now)
            }
            guard Bool.random(using: &chance) else { continue }
            let closed = (inRuns.close(through: now - 2_000), oneByOne.close(through: now - 2_000))
            #expect(Array(closed.0) == Array(closed.1), "step \(step) of \(seed)")
            let amended = (inRuns.takeAmendments(), oneByOne.takeAmendments())
            #expect(Array(amended.0) == Array(amended.1), "step \(step) of \(seed)")
        }
        #expect(late > 0)
        let closed = (
            inRuns.close(through: midnight + Span.day), oneByOne.close(through: midnight + Span.day)
        )
        #expect(Array(closed.0) == Array(closed.1) && !closed.0.isEmpty, "seed \(seed)")
    }

    @Test("adds what follows a given place, and nothing of before")
    func fromPlace() {
        var aggregator = Aggregator(shapes: shapes(1), zone: .utc)
        let readings = (0..<5).map { Reading(series: SeriesID(0), time: midnight + $0, value: Double($0)) }
        let late = aggregator.add(readings, from: 2)
        let none = aggregator.add(readings, from: 5)
        let closed = aggregator.close(through: midnight + Span.minute)
        #expect(closed.map(\.accumulator.count) == [3] && closed.map(\.accumulator.first) == [2])
        #expect(late == 0 && none == 0)
    }

    @Test("takes whatever comes once all that can be is closed, and opens nothing")
    func afterTheEnd() {
        var aggregator = Aggregator(shapes: shapes(1), zone: .utc, closedThrough: .max - Span.day)
        let late = aggregator.add([Reading(series: SeriesID(0), time: midnight, value: 1)], from: 0)
        #expect(late == 1)
    }

    @Test("closes into memory that is there, of which nothing is left")
    func memory() {
        var aggregator = Aggregator(shapes: shapes(1), zone: .utc)
        var closed = Rollups()
        for minute in 0..<3 as Range<Milliseconds> {
            let start = midnight + minute * Span.minute
            aggregator.add(Reading(series: SeriesID(0), time: start, value: 1))
            aggregator.close(through: start + Span.minute, into: &closed)
            #expect(closed.map(\.start) == [start])
        }
        aggregator.close(through: midnight, into: &closed)
        #expect(closed.isEmpty)
    }
}
