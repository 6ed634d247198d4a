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

    /// Writes those of `rollups` that are of this tier, from `first` on, up to one that is not.
    /// - Returns: where that is.
    func merge(_ rollups: [Rollup], from first: Int, into db: Database) throws -> Int {
        var insert = try RowStatement(insertSQL, db)
        var index = first
        while index < rollups.count, rollups[index].tier == tier {
            try merge(rollups[index], &insert, db)
            index += 1
        }
        return index
    }

    /// Closing and amending are one thing: merging commutes, so the order in which parts arrive does not matter.
    private func merge(_ rollup: Rollup, _ insert: inout RowStatement, _ db: Database) throws {
        bind(rollup, to: &insert)
        try insert.execute()
        guard db.changesCount == 0 else { return }
        let select = try db.cachedStatement(sql: selectSQL)
        let row = try Row.fetchOne(select, arguments: [Int64(rollup.series.rawValue), rollup.start])
        guard let row else { return }
        var merged = Self.rollup(row, tier)
        merged.merge(rollup)
        let revision: Int64 = row["revision"]
        var update = try RowStatement(updateSQL, db)
        bind(merged, to: &update)
        update.bind(revision + 1)
        try update.execute()
    }

    private func bind(_ rollup: Rollup, to row: inout RowStatement) {
        let sum = rollup.accumulator
        row.bind(Int64(rollup.series.rawValue))
        row.bind(rollup.start)
        row.bind(sum.count)
        row.bind(sum.minimum)
        row.bind(sum.maximum)
        row.bind(sum.sum)
        row.bind(sum.sumOfSquares)
        row.bind(sum.weight)
        row.bind(sum.firstTime)
        row.bind(sum.first)
        row.bind(sum.lastTime)
        row.bind(sum.last)
        row.bind(quantile(0.5, rollup))
        row.bind(quantile(0.85, rollup))
        row.bind(quantile(0.95, rollup))
        row.bind(rollup.detail.timeInState(until: tier.end(of: rollup.start, in: zone)))
        row.bind(blob: rollup.detail.encode())
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
