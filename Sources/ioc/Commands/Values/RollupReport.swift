import Catalog
import Store
import Telemetry

/// Rollups as a table, CSV or JSON.
struct RollupReport {
    private struct Answer: Encodable {
        var tier: String
        var fromMs: Int64
        var toMs: Int64
        var rollups: [RollupAnswer]
        var truncated: Bool
    }

    private let rows: [RollupAnswer]
    private let tier: Tier
    private let range: Range<Milliseconds>
    private let isTruncated: Bool

    init(_ rows: [RollupAnswer], _ tier: Tier, _ range: Range<Milliseconds>, _ isTruncated: Bool) {
        self.rows = rows
        self.tier = tier
        self.range = range
        self.isTruncated = isTruncated
    }

    func text(_ format: QueryCommand.Format, _ rendering: Rendering) throws -> String {
        switch format {
        case .table: return SeriesSections.text(rows, \.series, \.unit, rendering) { table($0, rendering) }
        case .csv: return csv()
        case .json:
            return try JSONText.document(
                Answer(
                    tier: tier.name, fromMs: range.lowerBound, toMs: range.upperBound, rollups: rows,
                    truncated: isTruncated))
        }
    }

    /// Columns that no row fills are left out.
    private func table(_ rows: ArraySlice<RollupAnswer>, _ rendering: Rendering) -> Table {
        let language = rendering.language
        func number(_ value: Double?) -> String { value.map(AlertText.number) ?? "" }
        var columns: [(title: String, cell: (RollupAnswer) -> String)] = [
            (language(vi: "số", en: "count"), { "\($0.count)" }), ("min", { number($0.min) }),
            (language(vi: "trung bình", en: "mean"), { number($0.mean) }), ("max", { number($0.max) }),
            (language(vi: "tổng", en: "sum"), { number($0.sum) }),
            (language(vi: "đầu", en: "first"), { number($0.first) }),
            (language(vi: "cuối", en: "last"), { number($0.last) }),
        ]
        for (title, path) in [("p50", \RollupAnswer.p50), ("p85", \.p85), ("p95", \.p95)]
        where rows.contains(where: { $0[keyPath: path] != nil }) {
            columns.append((title, { number($0[keyPath: path]) }))
        }
        if rows.contains(where: { $0.timeInState != nil }) {
            columns.append(
                (language(vi: "thời gian từng trạng thái", en: "time in state"), { $0.timeInState ?? "" }))
        }
        if rows.contains(where: { $0.revision > 0 }) {
            columns.append((language(vi: "sửa", en: "revision"), { "\($0.revision)" }))
        }
        let start = language(vi: "bắt đầu", en: "start")
        var table = Table(
            columns: [.init(title: start)] + columns.map { .init(title: $0.title, alignment: .right) })
        for row in rows { table.rows.append([.init(row.startLocal)] + columns.map { .init($0.cell(row)) }) }
        return table
    }

    private func csv() -> String {
        var csv = CSVText([
            "series", "unit", "start_ms", "start_local", "count", "min", "max", "mean", "sum", "first",
            "last", "p50",
            "p85", "p95", "time_in_state", "revision",
        ])
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        for row in rows {
            csv.add([
                row.series, row.unit, "\(row.startMs)", row.startLocal, "\(row.count)", number(row.min),
                number(row.max),
                number(row.mean), number(row.sum), number(row.first), number(row.last), number(row.p50),
                number(row.p85),
                number(row.p95), row.timeInState ?? "", "\(row.revision)",
            ])
        }
        return csv.text
    }
}
