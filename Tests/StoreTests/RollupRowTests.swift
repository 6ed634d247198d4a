import Foundation
import GRDB
import Telemetry
import TestSupport
import Testing

@testable import Store

private let midnight: Milliseconds = 1_767_546_000_000

@Suite("A rollup row")
struct RollupRowTests {
    /// Windows of one reading, of equal readings, of rising, falling and any, of every kind.
    private static func rollups() -> [Rollup] {
        var chance = SeededGenerator(seed: 3)
        var found: [Rollup] = []
        let kinds: [MeasurementKind] = [.gauge, .delta, .counter, .ratio]
        for number in 0..<400 {
            let start = midnight + Int64(number) * Span.minute
            var sum = Accumulator()
            var values = (0..<Int.random(in: 1...4, using: &chance)).map { _ in
                Double(Int.random(in: -5...5, using: &chance)) * [0.1, 1, 1e300, 1.0 / 3].randomElement(
                    using: &chance)!
            }
            if number % 3 == 0 { values.sort() }
            if number % 7 == 0 { values = values.map { _ in values[0] } }
            for (index, value) in values.enumerated() {
                sum.add(
                    Reading(
                        series: SeriesID(1), time: start + Int64(index * number), value: value,
                        weight: Double(Int.random(in: 1...5, using: &chance))),
                    kind: kinds[number % kinds.count])
            }
            found.append(Rollup(series: SeriesID(1), tier: .minute, start: start, accumulator: sum))
        }
        return found
    }

    private func store() throws -> Store { try Store(directory: TemporaryDirectory().path, zone: .utc) }

    private func write(_ rollups: [Rollup], _ store: Store) throws {
        var batch = Batch()
        batch.rollups = Rollups(rollups)
        try BatchWriter(store: store, acknowledgementLimit: 10, quarantineRows: 10, quarantineBytes: 1 << 20)
            .write(batch)
    }

    @Test("is read as it was written, whatever was left out")
    func roundTrip() throws {
        let store = try store()
        let rollups = Self.rollups()
        try write(rollups, store)
        var found: [Rollup] = []
        try store.reader.forEachRollup(.minute, of: [(SeriesID(1), Span.day)], before: midnight + Span.day) {
            found.append($0)
        }
        #expect(found == rollups)
    }

    @Test("of one reading says it once")
    func single() throws {
        let store = try store()
        var sum = Accumulator()
        sum.add(Reading(series: SeriesID(1), time: midnight + 5, value: 8.5), kind: .gauge)
        try write([Rollup(series: SeriesID(1), tier: .minute, start: midnight, accumulator: sum)], store)
        let row = try #require(try store.pool.read { try Row.fetchOne($0, sql: "SELECT * FROM rollup_1m") })
        let figures = Array(row.columnNames).filter { (row[$0] as DatabaseValue).isNull == false }
        #expect(
            figures == [
                "series", "start_ms", "sum", "weight", "count", "first_after_ms", "span_ms", "revision",
            ])
    }

    private static let viewed =
        "SELECT count, min, max, mean, sum, first, last, revision, start_ms FROM v_rollup_1m"

    private func register(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO device VALUES (1, 'a', 'd', 'p', NULL, '', '', '_', 0, 0, 1, 1);
                INSERT INTO series VALUES (1, 1, 'm', '', '', 'm', 'gauge')
                """)
    }

    @Test("is whole in the view")
    func view() throws {
        let store = try store()
        try store.pool.write(register)
        let rollups = Self.rollups()
        try write(rollups, store)
        let rows = try store.pool.read { try Row.fetchAll($0, sql: Self.viewed + " ORDER BY start_ms") }
        #expect(rows.count == rollups.count)
        for (row, rollup) in zip(rows, rollups) {
            let sum = rollup.accumulator
            #expect(row["count"] == sum.count && row["min"] == sum.minimum && row["max"] == sum.maximum)
            #expect(row["sum"] == sum.sum && row["mean"] == sum.mean)
            #expect(row["first"] == sum.first && row["last"] == sum.last)
            for figure in ["min", "max", "mean", "sum", "first", "last"] {
                #expect((row[figure] as DatabaseValue).storage.value is Double)
            }
        }
    }

    @Test("of an older version, which had every figure, is taken over as if written today")
    func migrated() throws {
        let rollups = Self.rollups()
        let old = try DatabaseQueue()
        try Schema.migrator.migrate(old, upTo: "6")
        try old.write { db in
            try register(db)
            for rollup in rollups {
                let sum = rollup.accumulator
                try db.execute(
                    sql: """
                        INSERT INTO rollup_1m(series, start_ms, count, min, max, sum, sum_squares, weight, first_ms, first,
                            last_ms, last, detail) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x'02')
                        """,
                    arguments: [
                        rollup.start, sum.count, sum.minimum, sum.maximum, sum.sum, sum.sumOfSquares,
                        sum.weight,
                        sum.firstTime, sum.first, sum.lastTime, sum.last,
                    ])
            }
        }
        let before = try old.read { try Row.fetchAll($0, sql: Self.viewed) }
        try Schema.migrator.migrate(old)
        #expect(try old.read { try Row.fetchAll($0, sql: Self.viewed) } == before)
        let store = try store()
        try write(rollups, store)
        let columns = "SELECT \(RollupSchema.columns.replacing("detail", with: "NULL")) FROM rollup_1m"
        let written = try store.pool.read { try Row.fetchAll($0, sql: columns) }
        #expect(try old.read { try Row.fetchAll($0, sql: columns) } == written)
    }
}
