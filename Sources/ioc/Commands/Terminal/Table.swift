/// Columns of text, as wide as their widest cell.
struct Table: Sendable {
    enum Alignment: Sendable { case left, right }

    struct Column: Sendable {
        var title: String
        var alignment = Alignment.left
        /// May be cut where the line is too narrow, but not below `least`.
        var isFlexible = false
        var least = 8
        /// Where cutting is not enough columns go, the lowest number first; nil for one that stays.
        var goes: Int?
    }

    struct Cell: Sendable {
        var text: String
        var style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = Printable.line(text)
            self.style = style
        }
    }

    private static let gap = "  "

    var columns: [Column]
    var rows: [[Cell]] = []

    mutating func add(_ cells: Cell...) {
        precondition(cells.count == columns.count, "a cell for every column")
        rows.append(cells)
    }

    private mutating func remove(column: Int) {
        columns.remove(at: column)
        for row in rows.indices { rows[row].remove(at: column) }
    }

    /// Without the columns for which there is no room.
    private func narrowed(to limit: Int) -> Table {
        var table = self
        while table.widths(fitting: limit).reduce(Self.gap.count * (table.columns.count - 1), +) > limit {
            let going = table.columns.indices.filter { table.columns[$0].goes != nil }
            guard let next = going.min(by: { table.columns[$0].goes! < table.columns[$1].goes! }) else {
                break
            }
            table.remove(column: next)
        }
        return table
    }

    /// The heading, then a line for every row.
    /// - Parameter width: columns of the terminal; nil where nothing needs to be cut.
    func lines(width: Int?) -> [StyledLine] {
        if let width { return narrowed(to: width).cut(to: width) }
        return cut(to: nil)
    }

    private func cut(to width: Int?) -> [StyledLine] {
        let widths = widths(fitting: width)
        let heading = columns.map { Cell($0.title, .bold) }
        return ([heading] + rows).map { line($0, widths) }
    }

    private func line(_ cells: [Cell], _ widths: [Int]) -> StyledLine {
        var line = StyledLine()
        for (index, cell) in cells.enumerated() {
            let cut = DisplayWidth.truncate(cell.text, to: widths[index])
            let isLast = index == cells.count - 1 && columns[index].alignment == .left
            line.append(
                isLast ? cut : DisplayWidth.pad(cut, to: widths[index], columns[index].alignment), cell.style)
            if index < cells.count - 1 { line.append(Self.gap) }
        }
        return line
    }

    private func widths(fitting limit: Int?) -> [Int] {
        var widths = columns.map { DisplayWidth.of(Printable.line($0.title)) }
        for row in rows {
            for (index, cell) in row.enumerated() {
                widths[index] = max(widths[index], DisplayWidth.of(cell.text))
            }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * (columns.count - 1) - limit
        // The widest gives way first, so that short cells stay whole.
        while excess > 0 {
            let flexible = columns.indices.filter { columns[$0].isFlexible && widths[$0] > columns[$0].least }
            guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
