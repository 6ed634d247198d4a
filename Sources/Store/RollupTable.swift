import Foundation
import GRDB
import Telemetry

/// Rows of one tier: insert, or merge into what is there and raise the revision.
struct RollupTable {
    let tier: Tier
    let zone: ZoneOffsets
    private let recent: Statements
    private let gathered: Statements

    private struct Statements {
        let insert: String
        let update: String
        let select: String

        init(_ table: String) {
            let row = "\(table)(\(RollupSchema.columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
            insert = "INSERT INTO \(row) ON CONFLICT DO NOTHING"
            update = "INSERT OR REPLACE INTO \(row)"
            select = "SELECT * FROM \(table) WHERE series = ? AND start_ms = ?"
        }
    }

    init(_ tier: Tier, zone: ZoneOffsets) {
        self.tier = tier
        self.zone = zone
        recent = Statements(RollupSchema.recent(tier))
        gathered = Statements(RollupSchema.gathered(tier))
    }

    /// Writes those of `rollups` that are of this tier, from `first` on, up to one that is not.
    /// - Returns: where that is.
    func merge(_ rollups: Rollups, from first: Int, into db: Database) throws -> Int {
        let gathering = try Gathering.read(tier, db)
        var insert = try RowStatement(recent.insert, db)
        var insertLate = try RowStatement(gathered.insert, db)
        var index = first
        while index < rollups.count, rollups.tier(at: index) == tier {
            let rollup = rollups[index]
            if gathering.holds(rollup) {
                try merge(rollup, &insertLate, gathered, db)
            } else {
                try merge(rollup, &insert, recent, db)
            }
            index += 1
        }
        return index
    }

    /// Closing and amending are one thing: merging commutes, so the order in which parts arrive does not matter.
    private func merge(_ rollup: Rollup, _ insert: inout RowStatement, _ table: Statements, _ db: Database)
        throws
    {
        bind(rollup, revision: 0, to: &insert)
        try insert.execute()
        guard insert.changesCount == 0 else { return }
        let select = try db.cachedStatement(sql: table.select)
        let row = try Row.fetchOne(select, arguments: [Int64(rollup.series.rawValue), rollup.start])
        guard let row else { return }
        var merged = Self.rollup(row, tier)
        merged.merge(rollup)
        var update = try RowStatement(table.update, db)
        bind(merged, revision: row["revision"] + 1, to: &update)
        try update.execute()
    }

    /// In the order of `RollupSchema.columns`, without what follows from the others.
    private func bind(_ rollup: Rollup, revision: Int64, to row: inout RowStatement) {
        let sum = rollup.accumulator
        let least = sum.minimum
        row.bind(Int64(rollup.series.rawValue))
        row.bind(rollup.start)
        row.bind(sum.sum)
        row.bind(sum.weight)
        row.bind(sum.count)
        row.bind(least, unless: sum.sum / sum.weight)
        row.bind(sum.maximum, unless: least)
        row.bind(sum.first, unless: least)
        row.bind(sum.last, unless: sum.maximum)
        row.bind(sum.sumOfSquares, unless: Double(sum.count) * least * least)
        row.bind(sum.firstTime - rollup.start)
        row.bind(sum.lastTime - sum.firstTime)
        let detail = rollup.detail
        // Within 1 %, and never outside what was measured.
        func quantile(_ quantile: Double) -> Double? {
            detail.quantile(quantile).map { min(max($0, least), sum.maximum) }
        }
        row.bind(quantile(0.5))
        row.bind(quantile(0.85))
        row.bind(quantile(0.95))
        row.bind(detail.timeInState(until: tier.end(of: rollup.start, in: zone)))
        row.bind(blob: detail.encode())
        row.bind(revision)
    }

    /// - Parameter row: all columns of the table.
    static func rollup(_ row: Row, _ tier: Tier) -> Rollup {
        let start: Milliseconds = row["start_ms"]
        var sum = Accumulator()
        sum.sum = row["sum"]
        sum.weight = row["weight"]
        sum.count = row["count"]
        sum.minimum = row["min"] ?? sum.sum / sum.weight
        sum.maximum = row["max"] ?? sum.minimum
        sum.first = row["first"] ?? sum.minimum
        sum.last = row["last"] ?? sum.maximum
        sum.sumOfSquares = row["sum_squares"] ?? Double(sum.count) * sum.minimum * sum.minimum
        sum.firstTime = start + (row["first_after_ms"] as Milliseconds)
        sum.lastTime = sum.firstTime + (row["span_ms"] as Milliseconds)
        let detail: Foundation.Data? = row["detail"]
        return Rollup(
            series: SeriesID(row["series"]), tier: tier, start: start, accumulator: sum,
            detail: RollupDetail(decoding: detail.map(Array.init)))
    }
}

extension RowStatement {
    /// NULL where a reader will know it from `implied`.
    fileprivate mutating func bind(_ number: Double, unless implied: Double) {
        bind(number == implied ? nil : number)
    }
}
