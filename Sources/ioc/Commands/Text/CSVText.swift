/// Comma separated values (RFC 4180), with line feeds.
struct CSVText {
    private(set) var text = ""

    init(_ heading: [String]) { add(heading) }

    mutating func add(_ cells: [String]) { text += cells.map(Self.quote).joined(separator: ",") + "\n" }

    private static func quote(_ cell: String) -> String {
        let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r"]
        guard cell.unicodeScalars.contains(where: special.contains) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}
