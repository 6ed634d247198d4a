import GRDB
import Telemetry

/// Which windows of a tier lie in the order of series: all that begin before `through`, and up to `until` those of the series
/// before `nextSeries`. The others lie in the order of time.
struct Gathering: Equatable {
    var through: Milliseconds
    var until: Milliseconds
    var nextSeries: Int64

    /// Windows that begin within as long are gathered together: enough of each series that its page is worth writing.
    static func stretch(_ tier: Tier) -> Milliseconds {
        switch tier {
        case .minute: 15 * Span.minute
        case .quarterHour: 6 * Span.hour
        case .hour: Span.day
        case .day: 30 * Span.day
        }
    }

    func holds(_ rollup: Rollup) -> Bool {
        rollup.start < through || rollup.start < until && Int64(rollup.series.rawValue) < nextSeries
    }

    // MARK: In the database

    static func read(_ tier: Tier, _ db: Database) throws -> Gathering {
        let select = try db.cachedStatement(
            sql: "SELECT through_ms, until_ms, next_series FROM gathering WHERE tier = ?")
        guard let row = try Row.fetchOne(select, arguments: [tier.name]) else {
            return Gathering(through: 0, until: 0, nextSeries: 0)
        }
        return Gathering(through: row[0], until: row[1], nextSeries: row[2])
    }

    func write(_ tier: Tier, _ db: Database) throws {
        try db.execute(
            sql:
                "INSERT OR REPLACE INTO gathering(tier, through_ms, until_ms, next_series) VALUES (?, ?, ?, ?)",
            arguments: [tier.name, through, until, nextSeries])
    }
}
