import Foundation
import GRDB
import Telemetry

/// Rows of one tier: insert, or merge into what is there and raise the revision.
struct RollupTable {
    let tier: Tier
    let zone: ZoneOffsets
    private let insertSQL: String
    private let updateSQL: String
    private let selectSQL: String

    private static let columns = """
        series, start_ms, count, min, max, sum, sum_squares, weight, first_ms, first, last_ms, last, p50, p85, p95,
        time_in_state, detail
        """

    init(_ tier: Tier, zone: ZoneOffsets) {
        self.tier = tier
        self.zone = zone
        let table = Schema.table(tier)
        insertSQL = """
            INSERT INTO \(table)(\(Self.columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT DO NOTHING
            """
        updateSQL = """
            INSERT OR REPLACE INTO \(table)(\(Self.columns), revision) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            """
        selectSQL = "SELECT * FROM \(table) WHERE series = ? AND start_ms = ?"
    }

    /// Closing and amending are one thing: merging commutes, so the order in which parts arrive does not matter.
    func merge(_ rollup: Rollup, into db: Database) throws {
        let insert = try db.cachedStatement(sql: insertSQL)
        try insert.execute(arguments: arguments(rollup))
        guard db.changesCount == 0 else { return }
        let select = try db.cachedStatement(sql: selectSQL)
        let row = try Row.fetchOne(select, arguments: [Int64(rollup.series.rawValue), rollup.start])
        guard let row else { return }
        var merged = Self.rollup(row, tier)
        merged.merge(rollup)
        let revision: Int64 = row["revision"]
        let update = try db.cachedStatement(sql: updateSQL)
        try update.execute(arguments: arguments(merged) + [revision + 1])
    }

    private func arguments(_ rollup: Rollup) -> StatementArguments {
        let sum = rollup.accumulator
        var arguments: StatementArguments = [
            Int64(rollup.series.rawValue), rollup.start, sum.count, sum.minimum, sum.maximum, sum.sum,
            sum.sumOfSquares,
            sum.weight, sum.firstTime, sum.first, sum.lastTime, sum.last,
        ]
        arguments += [
            quantile(0.5, rollup), quantile(0.85, rollup), quantile(0.95, rollup),
            rollup.detail.timeInState(until: tier.end(of: rollup.start, in: zone)),
            rollup.detail.encode().map { Foundation.Data($0) },
        ]
        return arguments
    }

    /// Within 1 %, and never outside what was measured.
    private func quantile(_ quantile: Double, _ rollup: Rollup) -> Double? {
        rollup.detail.quantile(quantile).map {
            min(max($0, rollup.accumulator.minimum), rollup.accumulator.maximum)
        }
    }

    static func rollup(_ row: Row, _ tier: Tier) -> Rollup {
        var sum = Accumulator()
        sum.count = row["count"]
        sum.minimum = row["min"]
        sum.maximum = row["max"]
        sum.sum = row["sum"]
        sum.sumOfSquares = row["sum_squares"]
        sum.weight = row["weight"]
        sum.firstTime = row["first_ms"]
        sum.first = row["first"]
        sum.lastTime = row["last_ms"]
        sum.last = row["last"]
        let detail: Foundation.Data? = row["detail"]
        return Rollup(
            series: SeriesID(row["series"]), tier: tier, start: row["start_ms"], accumulator: sum,
            detail: RollupDetail(decoding: detail.map(Array.init)))
    }
}
