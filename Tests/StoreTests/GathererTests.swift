import GRDB
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Store

private let midnight: Milliseconds = 1_767_546_000_000

@Suite("Gathering of rollups")
struct GathererTests {
    private struct Ground {
        let store: Store
        let writer: BatchWriter
        let gatherer: Gatherer

        init() throws {
            store = try Store(directory: TemporaryDirectory().path, zone: .utc)
            writer = try BatchWriter(
                store: store, acknowledgementLimit: 10, quarantineRows: 10, quarantineBytes: 1 << 20)
            gatherer = Gatherer(store: store)
        }

        func write(_ rollups: [Rollup], closedThrough: Milliseconds) throws {
            var batch = Batch()
            batch.rollups = Rollups(
                rollups.sorted { ($0.tier, $0.start, $0.series) < ($1.tier, $1.start, $1.series) })
            batch.closedThrough = closedThrough
            try writer.write(batch)
        }

        func count(_ table: String) throws -> Int {
            try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
        }

        func all(_ tier: Tier) throws -> [Rollup] {
            try store.pool.read { db in
                try Row.fetchAll(db, sql: "SELECT * FROM \(Schema.table(tier)) ORDER BY series, start_ms")
                    .map { RollupTable.rollup($0, tier) }
            }
        }
    }

    private func rollup(_ tier: Tier, _ start: Milliseconds, _ series: Int, _ value: Double = 1) -> Rollup {
        let id = SeriesID(UInt32(series))
        var sum = Accumulator()
        sum.add(Reading(series: id, time: start + 5, value: value), kind: .gauge)
        return Rollup(series: id, tier: tier, start: start, accumulator: sum)
    }

    @Test(
        "changes nothing of what is read, whatever is written in between, late or not",
        arguments: 1...12 as ClosedRange<UInt64>)
    func anyOrder(seed: UInt64) throws {
        struct Key: Hashable {
            var tier: Tier
            var series: SeriesID
            var start: Milliseconds
        }
        let ground = try Ground()
        var chance = SeededGenerator(seed: seed)
        var expected: [Key: Rollup] = [:]
        for hour in 1...30 {
            let closed = midnight + Int64(hour) * 4 * Span.hour
            let rollups = (0..<60).map { _ in
                let tier = Tier.allCases.randomElement(using: &chance)!
                let back =
                    Int64.random(in: 0..<(hour % 3 == 0 ? 4_000 : 300), using: &chance) * tier.length / 15
                let start = tier.start(of: closed - tier.length - back, in: .utc)
                // Quarters, so that sums are the same in any order.
                return rollup(
                    tier, start, Int.random(in: 1..<6, using: &chance),
                    Double(Int.random(in: 0..<9, using: &chance)) / 4)
            }
            for rollup in rollups {
                let key = Key(tier: rollup.tier, series: rollup.series, start: rollup.start)
                expected[
                    key,
                    default: Rollup(
                        series: rollup.series, tier: rollup.tier, start: rollup.start,
                        accumulator: Accumulator())
                ]
                .merge(rollup)
            }
            try ground.write(rollups, closedThrough: closed)
            for _ in 0..<Int.random(in: 0..<3, using: &chance) { try ground.gatherer.step() }
        }
        while try ground.gatherer.step() {}
        for tier in Tier.allCases {
            let wanted = expected.filter { $0.key.tier == tier }.map(\.value)
                .sorted { ($0.series, $0.start) < ($1.series, $1.start) }
            #expect(try ground.all(tier) == wanted, "\(tier.name), seed \(seed)")
        }
        #expect(try ground.count("gathered_1m") > 0 && ground.gatherer.rows.load(ordering: .relaxed) > 0)
    }

    @Test("leaves the newest stretches in the order of time")
    func newest() throws {
        let ground = try Ground()
        let minutes = (0..<60).map { rollup(.minute, midnight + Int64($0) * Span.minute, 1) }
        try ground.write(minutes, closedThrough: midnight + Span.hour)
        while try ground.gatherer.step() {}
        #expect(try ground.count("gathered_1m") == 45 && ground.count("recent_1m") == 15)
        // 30 minutes to 45 minutes have closed, but not yet a stretch ago.
        #expect(
            try ground.store.pool.read { try Gathering.read(.minute, $0) }.through == midnight + 45
                * Span.minute)
    }

    @Test("moves no more than its limit at once; what comes meanwhile is merged where its window lies")
    func slices() throws {
        let ground = try Ground()
        let series = 2_000
        let minutes = (0..<15).flatMap { minute in
            (1...series).map { rollup(.minute, midnight + Int64(minute) * Span.minute, $0) }
        }
        let closed = midnight + Span.hour
        try ground.write(minutes, closedThrough: closed)
        var steps = 0
        while true {
            let before = ground.gatherer.rows.load(ordering: .relaxed)
            guard try ground.gatherer.step() else { break }
            #expect(ground.gatherer.rows.load(ordering: .relaxed) - before <= Gatherer.mostRows)
            steps += 1
            // Of the first series, which is gathered, and of the last, which is not.
            try ground.write(
                [rollup(.minute, midnight, 1), rollup(.minute, midnight, series)], closedThrough: closed)
        }
        #expect(steps == (15 * series + Gatherer.mostRows - 1) / Gatherer.mostRows)
        let all = try ground.all(.minute)
        #expect(all.count == 15 * series)
        #expect(all[0].accumulator.count == Int64(1 + steps))
        #expect(all[15 * (series - 1)].accumulator.count == Int64(1 + steps))
        #expect(try ground.count("recent_1m") == 0)
    }

    @Test("moves no more at once where one gateway kept its messages for longer than the others")
    func sparse() throws {
        let ground = try Ground()
        let minutes = (0..<15).flatMap { minute in
            (1...(minute < 5 ? 10 : 2_000)).map {
                rollup(.minute, midnight + Int64(minute) * Span.minute, $0)
            }
        }
        try ground.write(minutes, closedThrough: midnight + Span.hour)
        var moved: [Int64] = []
        while try ground.gatherer.step() { moved.append(ground.gatherer.rows.load(ordering: .relaxed)) }
        for (before, after) in zip([0] + moved, moved) { #expect(after - before <= Gatherer.mostRows) }
        #expect(moved.last == Int64(minutes.count))
        #expect(try ground.count("recent_1m") == 0)
    }

    @Test("one series is looked up moment by moment where windows lie in the order of time")
    func plan() throws {
        let ground = try Ground()
        let plan = try ground.store.pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    EXPLAIN QUERY PLAN SELECT * FROM rollup_1m
                    WHERE series = 1 AND start_ms >= 0 AND start_ms < 9 ORDER BY start_ms
                    """
            ).map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("recent_1m") && $0.contains("ANY(start_ms) AND series=?") })
        #expect(plan.contains { $0.contains("gathered_1m") && $0.contains("series=? AND start_ms>?") })
    }

    @Test("the newest windows of a series are found wherever they lie")
    func newestOfSeries() throws {
        let ground = try Ground()
        // Series 1 goes on, 2 fell silent long ago, 3 is new.
        let minutes = (0..<120).flatMap { minute -> [Rollup] in
            let start = midnight + Int64(minute) * Span.minute
            return [rollup(.minute, start, 1)] + (minute < 20 ? [rollup(.minute, start, 2)] : [])
                + (minute > 117 ? [rollup(.minute, start, 3)] : [])
        }
        try ground.write(minutes, closedThrough: midnight + 2 * Span.hour)
        while try ground.gatherer.step() {}
        var found: [SeriesID: [Int64]] = [:]
        let wanted = [1, 2, 3, 4].map { (series: SeriesID($0), length: 40 * Span.minute) }
        try ground.store.forEachNewestRollup(.minute, of: wanted) {
            found[$0.series, default: []].append(($0.start - midnight) / Span.minute)
        }
        #expect(
            found == [SeriesID(1): Array(80..<120), SeriesID(2): Array(0..<20), SeriesID(3): [118, 119]])
    }
}
