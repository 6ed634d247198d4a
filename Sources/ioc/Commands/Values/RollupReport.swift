import Store
import Telemetry

/// Rollups as a table for people.
struct RollupReport {
    private let rows: [RollupAnswer]

    init(_ rows: [RollupAnswer]) { self.rows = rows }

    func text(_ rendering: Rendering) -> String {
        SeriesSections.text(rows, \.series, \.unit, rendering) { table($0, rendering) }
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
}
