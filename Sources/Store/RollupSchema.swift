import GRDB
import Telemetry

/// Rollup rows leave out what follows from their other columns; the views say it all the same.
///
/// Of a window of one reading nearly all figures follow from its value, and half of the windows of two readings begin with the
/// smallest or end with the largest.
enum RollupSchema {
    /// The columns in the order of the table: what charts ask for first, since a row is taken apart only so far.
    static let columns = """
        series, start_ms, sum, weight, count, min, max, first, last, sum_squares, first_after_ms, span_ms, p50, p85, p95,
        time_in_state, detail, revision
        """

    static func table(_ tier: Tier, name: String? = nil, key: String = "series, start_ms") -> String {
        """
        -- NULL: min is sum / weight, max and first are min, last is max, sum_squares is count times the square of min.
        -- first_after_ms is from the begin of the window to its first reading, span_ms from there to its last.
        CREATE TABLE \(name ?? Schema.table(tier))(
            series INTEGER NOT NULL, start_ms INTEGER NOT NULL, sum REAL NOT NULL, weight REAL NOT NULL,
            count INTEGER NOT NULL, min REAL, max REAL, first REAL, last REAL, sum_squares REAL,
            first_after_ms INTEGER NOT NULL, span_ms INTEGER NOT NULL, p50 REAL, p85 REAL, p95 REAL, time_in_state TEXT,
            detail BLOB, revision INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(\(key))) WITHOUT ROWID;
        """
    }

    /// What a figure of a row `r` is.
    static func figure(_ field: RollupField) -> String {
        switch field {
        case .mean: "r.sum / r.weight"
        case .min: "coalesce(r.min, r.sum / r.weight)"
        case .max: "coalesce(r.max, r.min, r.sum / r.weight)"
        case .first: "coalesce(r.first, r.min, r.sum / r.weight)"
        case .last: "coalesce(r.last, r.max, r.min, r.sum / r.weight)"
        case .startLocal: Schema.local("r.start_ms")
        default: "r.\(field.rawValue)"
        }
    }

    static func view(_ tier: Tier) -> String {
        let fields = RollupField.allCases.filter { $0 != .series && $0 != .unit }
        return """
            CREATE VIEW v_\(Schema.table(tier)) AS
            SELECT device.domain, device.ward, device.key AS device, series.measurement, series.unit,
                \(fields.map { "\(figure($0)) AS \($0.rawValue)" }.joined(separator: ", "))
            FROM \(Schema.table(tier)) r JOIN series ON series.id = r.series JOIN device ON device.id = series.device;
            """
    }

    /// Rows that have every figure become such as leave out what follows.
    static func leaveOut(_ tier: Tier) -> String {
        let table = Schema.table(tier)
        return """
            DROP VIEW v_\(table);
            ALTER TABLE \(table) RENAME TO whole;
            \(self.table(tier))
            INSERT INTO \(table)(\(columns))
            SELECT series, start_ms, sum, weight, count, nullif(min, sum / weight), nullif(max, min), nullif(first, min),
                nullif(last, max), nullif(sum_squares, count * min * min), first_ms - start_ms, last_ms - first_ms, p50, p85,
                p95, time_in_state, detail, revision
            FROM whole ORDER BY series, start_ms;
            DROP TABLE whole;
            \(view(tier))
            """
    }

    // MARK: Two tables

    /// Windows in the order of time, as they close: those of one moment lie side by side, and a commit writes few pages.
    static func recent(_ tier: Tier) -> String { "recent_\(tier.name)" }

    /// Windows in the order of series, as they are asked for: see `Gatherer`.
    static func gathered(_ tier: Tier) -> String { "gathered_\(tier.name)" }

    /// The table becomes the gathered one of two, under one view that has its name.
    static func divide(_ tier: Tier) -> String {
        let (table, gathered, recent) = (Schema.table(tier), gathered(tier), recent(tier))
        return """
            DROP VIEW v_\(table);
            ALTER TABLE \(table) RENAME TO \(gathered);
            \(self.table(tier, name: recent, key: "start_ms, series"))
            CREATE VIEW \(table) AS SELECT * FROM \(gathered) UNION ALL SELECT * FROM \(recent);
            \(view(tier))
            INSERT INTO gathering(tier, through_ms, until_ms)
            SELECT '\(tier.name)', coalesce(max(start_ms) + 1, 0), coalesce(max(start_ms) + 1, 0) FROM \(gathered);
            """
    }

    /// Which windows of a tier are gathered, as `Gathering` has it.
    static let gathering = """
        CREATE TABLE gathering(
            tier TEXT PRIMARY KEY, through_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,
            next_series INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        """

    /// What ANALYZE would find in a city of many series: of one moment there are far more windows than moments, so that
    /// windows of one series are looked up moment by moment (SQLite, "The Skip-Scan Optimization").
    static var statistics: String {
        let rows = Tier.allCases.flatMap { tier in
            [recent(tier), gathered(tier)].map { "('\($0)', '\($0)', '4000000 40000 1')" }
        }
        return """
            ANALYZE sqlite_schema;
            INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES \(rows.joined(separator: ", "));
            ANALYZE sqlite_schema;
            """
    }
}
