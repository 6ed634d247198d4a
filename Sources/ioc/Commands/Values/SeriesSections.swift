/// Rows of several series, each series under its own heading.
enum SeriesSections {
    static func text<Row>(
        _ rows: [Row], _ series: (Row) -> String, _ unit: (Row) -> String, _ rendering: Rendering,
        _ table: (ArraySlice<Row>) -> Table
    ) -> String {
        guard !rows.isEmpty else {
            return rendering.language(
                vi: "Không có giá trị nào trong khoảng này.\n", en: "No values in this range.\n")
        }
        var sections: [String] = []
        var rest = rows[...]
        while let first = rest.first {
            let section = rest.prefix { series($0) == series(first) }
            var heading = StyledLine(series(first), .bold)
            heading.append("  " + unit(first), .dim)
            sections.append(rendering.text([heading]) + rendering.text(table(section)))
            rest = rest[section.endIndex...]
        }
        return sections.joined(separator: "\n")
    }
}
