import Catalog
import Store
import Telemetry

/// Raw readings as a table, CSV or JSON.
struct ReadingReport {
    private struct Answer: Encodable {
        var fromMs: Int64
        var toMs: Int64
        var readings: [ReadingAnswer]
        var truncated: Bool
    }

    private let rows: [ReadingAnswer]
    private let range: Range<Milliseconds>
    private let isTruncated: Bool

    init(_ rows: [ReadingAnswer], _ range: Range<Milliseconds>, _ isTruncated: Bool) {
        self.rows = rows
        self.range = range
        self.isTruncated = isTruncated
    }

    func text(_ format: QueryCommand.Format, _ rendering: Rendering) throws -> String {
        switch format {
        case .table: return SeriesSections.text(rows, \.series, \.unit, rendering) { table($0, rendering) }
        case .csv:
            var csv = CSVText(["series", "unit", "time_ms", "time_local", "value", "quality"])
            for row in rows {
                csv.add([row.series, row.unit, "\(row.timeMs)", row.timeLocal, "\(row.value)", row.quality])
            }
            return csv.text
        case .json:
            return try JSONText.document(
                Answer(
                    fromMs: range.lowerBound, toMs: range.upperBound, readings: rows, truncated: isTruncated))
        }
    }

    private func table(_ rows: ArraySlice<ReadingAnswer>, _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "lúc", en: "time")),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right),
            .init(title: language(vi: "chất lượng", en: "quality")),
        ])
        for row in rows {
            table.add(
                .init(row.timeLocal), .init(AlertText.number(row.value)),
                .init(SpokenQuality.of(row.quality, language), row.quality == "good" ? .plain : .yellow))
        }
        return table
    }
}
