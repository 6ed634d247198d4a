import Telemetry

/// A CSV file with a fixed header, cell by cell with its place.
struct CSVTable {
    struct Cell {
        let text: String
        let line: Int
        let column: Int
    }

    /// Exported from registers: 100 000 devices have about 10 MB.
    static let maximumBytes = 64 << 20

    let file: SourceFile
    let rows: [[Cell]]

    /// Reads `file`; nil, with faults, if it is no such table.
    /// - Parameters:
    ///   - header: columns that must be there, in this order.
    ///   - optional: columns that may follow; cells missing in the file are empty.
    static func read(_ file: SourceFile, header: [String], optional: [String] = []) -> CSVTable? {
        guard let text = TextFile.read(file, maximumBytes: maximumBytes),
            var rows = cells(text, file, delimiter: UInt8(ascii: ","))
        else { return nil }
        guard !rows.isEmpty else {
            file.fault("the first line must be \(header.joined(separator: ","))")
            return nil
        }
        let found = rows.removeFirst().map(\.text)
        guard (header.count...header.count + optional.count).contains(found.count),
            (header + optional).starts(with: found)
        else {
            let more =
                optional.isEmpty
                ? "" : ", and then, as far as needed, \(optional.joined(separator: ","))"
            file.fault(
                "the first line must be \(header.joined(separator: ","))\(more); found \(found.joined(separator: ","))"
            )
            return nil
        }
        let whole = rows.filter { row in
            if row.count == found.count { return true }
            file.fault(line: row[0].line, "expected \(found.count) columns, found \(row.count)")
            return false
        }
        return CSVTable(file: file, rows: whole)
    }

    func fault(_ cell: Cell, _ message: String) { file.fault(line: cell.line, column: cell.column, message) }

    /// Rows that are not empty; nil, with a fault, if quotes are wrong.
    static func cells(_ text: String, _ file: SourceFile, delimiter: UInt8) -> [[Cell]]? {
        var text = text
        return text.withUTF8 { bytes -> [[Cell]]? in
            guard let base = bytes.baseAddress else { return [] }
            var reader = CSVReader(bytes: base, end: bytes.count, delimiter: delimiter)
            reader.skipByteOrderMark()
            var place = PlaceCounter(bytes: bytes, at: reader.at)
            var rows: [[Cell]] = []
            while !reader.isAtEnd {
                if reader.skipEmptyLine() { continue }
                guard let row = row(&reader, &place, file) else { return nil }
                rows.append(row)
            }
            return rows
        }
    }

    private static func row(_ reader: inout CSVReader, _ place: inout PlaceCounter, _ file: SourceFile)
        -> [Cell]?
    {
        var row: [Cell] = []
        while true {
            place.advance(to: reader.at)
            var field = FieldValue.absent
            let more = reader.field(&field)
            row.append(Cell(text: reader.text(field), line: place.line, column: place.column))
            switch more {
            case true?: continue
            case false?: return row
            case nil:
                file.fault(
                    line: place.line, column: place.column,
                    "not CSV: a quote must be closed right before the comma, and one inside is written twice")
                return nil
            }
        }
    }
}

/// Line and column of a place that only moves on.
private struct PlaceCounter {
    let bytes: UnsafeBufferPointer<UInt8>
    var at: Int
    var line = 1
    var column = 1

    init(bytes: UnsafeBufferPointer<UInt8>, at: Int) {
        self.bytes = bytes
        self.at = at
    }

    mutating func advance(to target: Int) {
        while at < target {
            if bytes[at] == 0x0A {
                line += 1
                column = 1
            } else if bytes[at] & 0xC0 != 0x80 {
                column += 1
            }
            at += 1
        }
    }
}
