import TestSupport
import Testing

@testable import Telemetry

/// 2026-01-05 00:00 in Huế.
private let midnight: Milliseconds = 1_767_546_000_000

@Suite("Rollups as plain bytes")
struct RollupsTests {
    /// Few windows, so that some are the same; every third has a history of states, every fourth a weight.
    private func rollup(_ chance: inout SeededGenerator) -> Rollup {
        let tier = Tier.allCases.randomElement(using: &chance)!
        let minute = Milliseconds.random(in: -2...2, using: &chance)
        let around = [0, midnight].randomElement(using: &chance)!
        let start = tier.start(of: around + minute * Span.minute, in: .utc)
        let series = SeriesID(UInt32.random(in: 0..<5, using: &chance))
        let reading = Reading(
            series: series, time: start + 1, value: Double(Int.random(in: 0..<9, using: &chance)), weight: 4)
        let kind: MeasurementKind =
            series.rawValue % 3 == 0 ? .state : series.rawValue % 4 == 0 ? .ratio : .gauge
        return Rollup(
            series, tier, WindowSums(reading, kind, startingAt: start),
            WindowExtras(reading, SeriesShape(kind: kind)))
    }

    private func isBefore(_ left: Rollup, _ right: Rollup) -> Bool {
        (left.tier, left.start, left.series) < (right.tier, right.start, right.series)
    }

    @Test(
        "are what was put in, with what they keep beside their sums", arguments: 1...20 as ClosedRange<UInt64>
    )
    func whole(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let all = (0..<50).map { _ in rollup(&chance) }
        #expect(Array(Rollups(all)) == all, "seed \(seed)")
        var appended: Rollups = [all[0]]
        appended.append(Rollups(all.dropFirst()))
        #expect(Array(appended) == all, "seed \(seed)")
        for index in all.indices {
            #expect(appended.accumulator(at: index) == all[index].accumulator, "seed \(seed)")
        }
    }

    @Test(
        "are sorted by tier, start and series, those of one window as they were",
        arguments: 1...20 as ClosedRange<UInt64>)
    func sorted(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let all = (0..<100).map { _ in rollup(&chance) }
        var sorted = Rollups(all)
        sorted.sort()
        let expected = all.enumerated().sorted { left, right in
            isBefore(left.element, right.element)
                || !isBefore(right.element, left.element) && left.offset < right.offset
        }
        #expect(Array(sorted) == expected.map(\.element), "seed \(seed)")
        sorted.sort()
        #expect(Array(sorted) == expected.map(\.element), "seed \(seed)")
    }

    @Test("are found by series, as they came", arguments: 1...20 as ClosedRange<UInt64>)
    func chains(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let all = Rollups((0..<100).map { _ in rollup(&chance) })
        let count = (all.map(\.series.index).max() ?? 0) + 2
        let chains = SeriesChains(all, seriesCount: count)
        for series in 0..<count {
            var found: [Int] = []
            var place = chains.first(of: series)
            while let known = place {
                found.append(known)
                place = chains.next(after: known)
            }
            #expect(found == all.indices.filter { all.series(at: $0).index == series }, "seed \(seed)")
        }
        #expect(SeriesChains([], seriesCount: 5).first(of: 4) == nil)
    }

    @Test("are merged where they are of one window", arguments: 1...20 as ClosedRange<UInt64>)
    func merged(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var all = Rollups((0..<100).map { _ in rollup(&chance) })
        all.sort()
        var expected: [Rollup] = []
        for rollup in all {
            if expected.last?.isOfSameWindow(as: rollup) == true {
                expected[expected.count - 1].merge(rollup)
            } else {
                expected.append(rollup)
            }
        }
        #expect(Array(all.merged()) == expected, "seed \(seed)")
        #expect(expected.count < 100 && Rollups().merged().isEmpty)
    }
}
