/// RFC 4180 a second time, written plainly and apart from the decoder.
package enum PlainCSV {
    private enum State { case start, plain, quoted, closed }

    /// Header and rows as cells, doubled quotes left so and empty lines left out; nil if the text is no table.
    package static func rows(_ payload: [UInt8], delimiter: UInt8) -> [[[UInt8]]]? {
        var rest = payload[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        guard !rest.isEmpty else { return nil }
        var rows: [[[UInt8]]] = []
        while !rest.isEmpty {
            // The first line is the header, even if it is empty: then its one column has no name.
            if !rows.isEmpty, let end = lineEnd(rest) {
                rest = rest.dropFirst(end)
                continue
            }
            guard let row = row(&rest, delimiter), row.count == rows.first?.count ?? row.count else {
                return nil
            }
            rows.append(row)
        }
        return rows
    }

    /// Bytes of the line end that comes first, nil if none does.
    private static func lineEnd(_ text: ArraySlice<UInt8>) -> Int? {
        text.starts(with: [0x0A]) ? 1 : text.starts(with: [0x0D, 0x0A]) ? 2 : nil
    }

    private static func row(_ rest: inout ArraySlice<UInt8>, _ delimiter: UInt8) -> [[UInt8]]? {
        var cells: [[UInt8]] = [[]]
        var state = State.start
        while let byte = rest.first {
            if state != .quoted {
                if let end = lineEnd(rest) {
                    rest = rest.dropFirst(end)
                    return cells
                }
                if byte == delimiter {
                    rest = rest.dropFirst()
                    cells.append([])
                    state = .start
                    continue
                }
            }
            switch (state, byte) {
            case (.start, UInt8(ascii: "\"")): state = .quoted
            case (.quoted, UInt8(ascii: "\"")): state = .closed
            case (.closed, UInt8(ascii: "\"")):
                cells[cells.count - 1] += [byte, byte]
                state = .quoted
            case (.closed, _): return nil
            case (.start, 0x0D), (.plain, 0x0D): return nil
            default:
                cells[cells.count - 1].append(byte)
                if state == .start { state = .plain }
            }
            rest = rest.dropFirst()
        }
        return state == .quoted ? nil : cells
    }
}
