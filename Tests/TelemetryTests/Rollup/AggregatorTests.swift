import TestSupport
import Testing

@testable import Telemetry

private let hue = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
/// 2026-01-05 00:00 in Huế.
private let midnight: Milliseconds = 1_767_546_000_000

/// Rollups as the store keeps them: closed ones and amendments merged.
private struct Stored {
    var rows: [String: Rollup] = [:]
    var revisions: [String: Int] = [:]

    mutating func take(_ rollups: Rollups) {
        for rollup in rollups {
            let key = "\(rollup.tier) \(rollup.start) \(rollup.series.rawValue)"
            if rows[key] == nil {
                rows[key] = rollup
            } else {
                rows[key]!.merge(rollup)
                revisions[key, default: 0] += 1
            }
        }
    }
}

/// Each window computed from scratch.
private func naive(_ readings: [Reading], kind: MeasurementKind) -> [String: Accumulator] {
    var rows: [String: Accumulator] = [:]
    for reading in readings {
        for tier in Tier.allCases {
            let key = "\(tier) \(tier.start(of: reading.time, in: hue)) \(reading.series.rawValue)"
            rows[key, default: Accumulator()].add(reading, kind: kind)
        }
    }
    return rows
}

@Suite("Aggregator")
struct AggregatorTests {
    private func gauge(_ series: Int = 1) -> [SeriesShape?] {
        Array(repeating: SeriesShape(kind: .gauge), count: series)
    }

    /// Quarters, so that sums are exact in any order.
    private func readings(_ count: Int, series: Int, seed: UInt64) -> [Reading] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            Reading(
                series: SeriesID(UInt32.random(in: 0..<UInt32(series), using: &generator)),
                time: midnight + Milliseconds.random(in: 0..<3 * Span.day, using: &generator),
                value: Double(Int.random(in: -400...400, using: &generator)) / 4)
        }
    }

    @Test(
        "makes every tier the merge of its readings, in any order of arrival",
        arguments: 1...20 as ClosedRange<UInt64>)
    func anyOrder(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let readings = readings(2_000, series: 5, seed: seed)
        var aggregator = Aggregator(shapes: gauge(5), zone: hue)
        var stored = Stored()
        for (index, reading) in readings.enumerated() {
            aggregator.add(reading)
            if Int.random(in: 0..<50, using: &generator) == 0 {
                let share = Double(index) / Double(readings.count)
                stored.take(aggregator.close(through: midnight + Milliseconds(share * Double(3 * Span.day))))
                stored.take(aggregator.takeAmendments())
            }
        }
        stored.take(aggregator.close(through: midnight + 5 * Span.day))
        stored.take(aggregator.takeAmendments())
        #expect(stored.rows.mapValues(\.accumulator) == naive(readings, kind: .gauge), "seed \(seed)")
    }

    @Test(
        "goes on after a crash at any moment as if there had been none",
        arguments: 1...20 as ClosedRange<UInt64>)
    func restart(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let readings = readings(1_500, series: 4, seed: seed &* 31)
        var aggregator = Aggregator(shapes: gauge(4), zone: hue)
        var stored = Stored()
        var journal: [Reading] = []
        for (index, reading) in readings.enumerated() {
            aggregator.add(reading)
            journal.append(reading)
            guard Int.random(in: 0..<40, using: &generator) == 0 else { continue }
            let share = Double(index) / Double(readings.count)
            stored.take(aggregator.close(through: midnight + Milliseconds(share * Double(3 * Span.day))))
            stored.take(aggregator.takeAmendments())
            aggregator = restored(closedThrough: aggregator.closedThrough, stored, journal)
        }
        stored.take(aggregator.takeAmendments())
        stored.take(aggregator.close(through: midnight + 5 * Span.day))
        #expect(stored.rows.mapValues(\.accumulator) == naive(readings, kind: .gauge), "seed \(seed)")
    }

    @Test(
        "closes early what is more than it may keep open, and every tier is the merge of its readings all the same",
        arguments: 1...20 as ClosedRange<UInt64>)
    func bounded(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let readings = readings(1_500, series: 4, seed: seed &* 17)
        let most = Int.random(in: 1...20, using: &generator)
        var aggregator = Aggregator(shapes: gauge(4), zone: hue, openWindows: most)
        var stored = Stored()
        var closedEarly: Int64 = 0
        for (index, reading) in readings.enumerated() {
            aggregator.add(reading)
            guard Int.random(in: 0..<40, using: &generator) == 0 else { continue }
            // A clock that hardly moves: without the bound nearly all minutes would stay open.
            stored.take(aggregator.close(through: midnight + Milliseconds(index) * Span.minute / 10))
            stored.take(aggregator.takeAmendments())
            #expect(aggregator.otherMinuteCount <= most, "seed \(seed)")
            if Bool.random(using: &generator) {
                closedEarly += aggregator.closedEarly
                aggregator = restored(
                    closedThrough: aggregator.closedThrough, stored, Array(readings[...index]), most)
            }
        }
        stored.take(aggregator.takeAmendments())
        stored.take(aggregator.close(through: midnight + 5 * Span.day))
        #expect(closedEarly + aggregator.closedEarly > 0, "seed \(seed)")
        #expect(stored.rows.mapValues(\.accumulator) == naive(readings, kind: .gauge), "seed \(seed)")
    }

    @Test("leaves open what it may: the newest minutes, whatever the clock says")
    func oldestFirst() {
        var aggregator = Aggregator(shapes: gauge(), zone: hue, openWindows: 2)
        for minute in 0..<6 as Range<Int64> {
            aggregator.add(Reading(series: SeriesID(0), time: midnight + minute * Span.minute, value: 1))
        }
        let closed = aggregator.close(through: midnight + Span.minute)
        #expect(closed.map(\.start) == [midnight, midnight + Span.minute, midnight + 2 * Span.minute])
        #expect(aggregator.closedEarly == 2)
        #expect(aggregator.closedThrough == midnight + 3 * Span.minute)
        let before = aggregator.close(through: midnight + 2 * Span.minute)
        #expect(before.isEmpty)
        #expect(aggregator.closedThrough == midnight + 3 * Span.minute)
    }

    private func restored(
        closedThrough: Milliseconds, _ stored: Stored, _ journal: [Reading], _ openWindows: Int = .max
    ) -> Aggregator {
        var fresh = Aggregator(
            shapes: gauge(4), zone: hue, closedThrough: closedThrough, openWindows: openWindows)
        for tier in Tier.allCases {
            let from = fresh.restoreFrom(tier)
            for row in stored.rows.values where row.tier == tier && row.start >= from { fresh.restore(row) }
        }
        for reading in journal { fresh.restore(reading) }
        return fresh
    }

    @Test("closes a minute only when the watermark has passed its end")
    func watermark() {
        var aggregator = Aggregator(shapes: gauge(), zone: hue)
        aggregator.add(Reading(series: SeriesID(0), time: midnight + 30_000, value: 1))
        let answer1 = aggregator.close(through: midnight + 59_999)
        #expect(answer1.isEmpty)
        let answer2 = aggregator.close(through: midnight + 60_000)
        #expect(answer2.map(\.tier) == [.minute])
    }

    @Test("merges a late reading into every closed tier and no open one twice")
    func late() {
        var aggregator = Aggregator(shapes: gauge(), zone: hue)
        var stored = Stored()
        aggregator.add(Reading(series: SeriesID(0), time: midnight, value: 1))
        stored.take(aggregator.close(through: midnight + 20 * Span.minute))
        let isLate = aggregator.add(Reading(series: SeriesID(0), time: midnight + 1, value: 5))
        #expect(isLate)
        let amendments = aggregator.takeAmendments()
        #expect(amendments.map(\.tier) == [.minute, .quarterHour])
        stored.take(amendments)
        stored.take(aggregator.close(through: midnight + 2 * Span.day))
        for tier in Tier.allCases {
            let row = stored.rows["\(tier) \(midnight) 0"]
            #expect(row?.accumulator.count == 2, "\(tier)")
            #expect(row?.accumulator.maximum == 5, "\(tier)")
            #expect(stored.revisions["\(tier) \(midnight) 0"] == (tier <= .quarterHour ? 1 : nil), "\(tier)")
        }
    }

    @Test("keeps a minute open for a device whose clock runs ahead")
    func ahead() {
        var aggregator = Aggregator(shapes: gauge(), zone: hue)
        aggregator.add(Reading(series: SeriesID(0), time: midnight + 90_000, value: 1))
        aggregator.add(Reading(series: SeriesID(0), time: midnight + 10_000, value: 2))
        aggregator.add(Reading(series: SeriesID(0), time: midnight + 95_000, value: 3))
        let closed = aggregator.close(through: midnight + 2 * Span.minute)
        #expect(closed.map(\.start) == [midnight, midnight + Span.minute])
        #expect(closed.map(\.accumulator.count) == [1, 2])
        let answer3 = aggregator.takeAmendments()
        #expect(answer3.isEmpty)
        #expect(aggregator.otherMinuteCount == 0)
    }

    @Test("is a value: a copy goes its own way")
    func copy() {
        let shapes = [
            SeriesShape(kind: .gauge), SeriesShape(kind: .state),
            SeriesShape(kind: .gauge, keepsQuantiles: true),
        ]
        var aggregator = Aggregator(shapes: shapes, zone: hue)
        func add(_ value: Double, to aggregator: inout Aggregator) {
            for series in 0..<UInt32(shapes.count) {
                aggregator.add(
                    Reading(series: SeriesID(series), time: midnight + Milliseconds(value), value: value))
            }
        }
        add(1, to: &aggregator)
        var copy = aggregator
        add(2, to: &copy)
        add(3, to: &aggregator)
        let copied = copy.close(through: midnight + Span.minute)
        let own = aggregator.close(through: midnight + Span.minute)
        #expect(copied.map(\.accumulator.last) == [2, 2, 2])
        #expect(own.map(\.accumulator.last) == [3, 3, 3])
        #expect(own.map(\.accumulator.count) == [2, 2, 2])
        #expect(own[2].detail != copied[2].detail)
    }

    @Test(
        "goes on after a restart with what was stored, where a measurement is of another kind since",
        arguments: [
            (MeasurementKind.ratio, MeasurementKind.gauge), (.gauge, .ratio), (.state, .gauge),
            (.counter, .ratio), (.ratio, .ratio),
        ])
    func otherKind(before: MeasurementKind, after: MeasurementKind) throws {
        func readings(_ minutes: Range<Int64>) -> [Reading] {
            minutes.map {
                Reading(
                    series: SeriesID(0), time: midnight + $0 * Span.minute, value: Double($0), weight: 4)
            }
        }
        let watermark = midnight + 70 * Span.minute
        var first = Aggregator(shapes: [SeriesShape(kind: before)], zone: hue)
        var stored = Stored()
        for reading in readings(0..<70) { first.add(reading) }
        stored.take(first.close(through: watermark))
        var second = Aggregator(shapes: [SeriesShape(kind: after)], zone: hue, closedThrough: watermark)
        for tier in Tier.allCases {
            let from = second.restoreFrom(tier)
            for row in stored.rows.values where row.tier == tier && row.start >= from { second.restore(row) }
        }
        for reading in readings(70..<90) { second.add(reading) }
        stored.take(second.close(through: midnight + Span.day))
        var expected = Accumulator()
        for reading in readings(0..<70) { expected.add(reading, kind: before) }
        for reading in readings(70..<90) { expected.add(reading, kind: after) }
        let day = try #require(stored.rows["day \(midnight) 0"])
        #expect(day.accumulator == expected)
        if before == .state {
            guard case .states(let history) = day.detail else {
                Issue.record("the states of before are lost")
                return
            }
            #expect(history.points.count == 70)
        }
    }

    /// Venezuela's clocks were set from -4:30 to -4 at 2016-05-01T07:00Z, so that the hour that began at 06:30Z ends in the
    /// one that began at 07:00Z.
    @Test("closes an hour at its end where clocks were set by half of one, and keeps late readings of both")
    func halfAnHour() {
        let change: Milliseconds = 1_462_086_000_000
        let zone = ZoneOffsets(
            name: "America/Caracas",
            transitions: [
                .init(from: .min, offset: -9 * Span.hour / 2), .init(from: change, offset: -4 * Span.hour),
            ])
        func reading(_ minutes: Int64, _ value: Double) -> Reading {
            Reading(series: SeriesID(0), time: change + minutes * Span.minute, value: value)
        }
        var aggregator = Aggregator(shapes: gauge(), zone: zone)
        var stored = Stored()
        aggregator.add(reading(-10, 1))
        stored.take(aggregator.close(through: change + 10 * Span.minute))
        stored.take(aggregator.close(through: change + 40 * Span.minute))
        let before = "hour \(change - 30 * Span.minute) 0"
        #expect(stored.rows[before]?.accumulator.count == 1)
        aggregator.add(reading(45, 2))
        stored.take(aggregator.close(through: change + 46 * Span.minute))
        aggregator.add(reading(-9, 3))
        aggregator.add(reading(46, 4))
        stored.take(aggregator.takeAmendments())
        stored.take(aggregator.close(through: change + 2 * Span.day))
        #expect(stored.rows[before]?.accumulator.sum == 4)
        #expect(stored.rows["hour \(change) 0"]?.accumulator.sum == 6)
        #expect(stored.rows.values.allSatisfy { $0.accumulator.lastTime - $0.start < 25 * Span.hour })
    }

    @Test("takes readings of any time, those of no year that windows are of into none")
    func anyTime() {
        var aggregator = Aggregator(shapes: gauge(), zone: hue)
        let known = WindowSums.times
        for time in [.min, .max, known.lowerBound - 2 * Span.minute, known.upperBound, midnight] {
            let reading = Reading(series: SeriesID(0), time: time, value: 1)
            aggregator.add(reading)
            aggregator.restore(reading)
        }
        let closed = aggregator.close(through: midnight + 2 * Span.day)
        #expect(closed.map(\.accumulator.count) == [2, 2, 2, 2])
    }

    @Test("never averages percentages: a ratio's mean is sum over sum")
    func ratio() {
        var sum = Accumulator()
        sum.add(Reading(series: SeriesID(0), time: 1, value: 1, weight: 2), kind: .ratio)
        sum.add(Reading(series: SeriesID(0), time: 2, value: 0, weight: 98), kind: .ratio)
        #expect(sum.mean == 0.01)
        #expect(sum.maximum == 0.5)
    }
}

@Suite("Tier")
struct TierTests {
    @Test("begins days at local midnight")
    func localMidnight() {
        #expect(Tier.day.start(of: midnight + 5 * Span.hour, in: hue) == midnight)
        #expect(Tier.day.start(of: midnight - 1, in: hue) == midnight - Span.day)
        #expect(Tier.day.end(of: midnight, in: hue) == midnight + Span.day)
    }

    @Test("knows days of 23 and 25 hours where clocks are set")
    func clockChange() {
        // Central European Time, 2026: forward on 29 March 01:00 UTC, back on 25 October 01:00 UTC.
        let zone = ZoneOffsets(
            name: "CET",
            transitions: [
                .init(from: .min, offset: Span.hour), .init(from: 1_774_746_000_000, offset: 2 * Span.hour),
                .init(from: 1_792_890_000_000, offset: Span.hour),
            ])
        let spring = Tier.day.start(of: 1_774_746_000_000, in: zone)
        #expect(Tier.day.end(of: spring, in: zone) - spring == 23 * Span.hour)
        let autumn = Tier.day.start(of: 1_792_890_000_000, in: zone)
        #expect(Tier.day.end(of: autumn, in: zone) - autumn == 25 * Span.hour)
    }
}
