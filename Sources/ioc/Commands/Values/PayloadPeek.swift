/// A piece of a payload around its fault, in one line, with a caret under the fault.
struct PayloadPeek {
    /// The piece and, where the place is known, the caret; for bytes that are no text also their hexadecimal digits.
    let lines: [String]

    private static let hexBytes = 16

    /// - Parameters:
    ///   - fault: byte offset in the payload.
    ///   - width: columns that may be used.
    init(_ payload: String, fault: Int, width: Int) {
        guard !payload.isEmpty else {
            lines = ["∅"]
            return
        }
        let cells = Self.cells(payload)
        let place = cells.firstIndex { $0.end > fault } ?? cells.count
        let (piece, column) = Self.piece(cells, place, width)
        // Bytes that are no UTF-8 were replaced by longer ones: behind them an offset says nothing certain.
        let isExact = !cells.prefix { $0.begin < fault }.contains { $0.text == "\u{FFFD}" }
        var lines = [piece]
        if isExact { lines.append(String(repeating: " ", count: column) + "^") }
        if payload.unicodeScalars.contains(where: { Printable.isUnsafe($0) || $0 == "\u{FFFD}" }) {
            lines.append(Self.hex(Array(payload.utf8), fault))
        }
        self.lines = lines
    }

    private struct Cell {
        var text: String
        var begin: Int
        /// Offset of the byte behind it.
        var end: Int
    }

    private static func cells(_ payload: String) -> [Cell] {
        var end = 0
        return payload.map { character in
            let begin = end
            end += character.utf8.count
            return Cell(text: Printable.line(String(character)), begin: begin, end: end)
        }
    }

    /// As much as fits, with a third of the width before the fault.
    private static func piece(_ cells: [Cell], _ place: Int, _ width: Int) -> (text: String, column: Int) {
        var first = place
        var before = 0
        while first > 0, before + DisplayWidth.of(cells[first - 1].text) <= width / 3 {
            first -= 1
            before += DisplayWidth.of(cells[first].text)
        }
        let lead = first > 0 ? "…" : ""
        let whole = lead + cells[first...].map(\.text).joined()
        return (DisplayWidth.truncate(whole, to: width), DisplayWidth.of(lead) + before)
    }

    private static func hex(_ bytes: [UInt8], _ fault: Int) -> String {
        let first = max(min(fault, bytes.count) - hexBytes / 2, 0)
        let digits = bytes[first...].prefix(hexBytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "@\(first): " + digits.joined(separator: " ")
    }
}
