/// Comma separated values (RFC 4180), with line feeds.
package struct CSVText {
    package private(set) var text = ""

    package init(_ heading: [String]) { add(heading) }

    package mutating func add(_ cells: [String]) { text += Self.row(cells) + "\n" }

    /// One row, without its end.
    static func row(_ cells: [String]) -> String { cells.map(quote).joined(separator: ",") }

    private static func quote(_ cell: String) -> String {
        let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r"]
        guard cell.unicodeScalars.contains(where: special.contains) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}
