import Telemetry

/// How an answer is written.
package enum AnswerForm: String, CaseIterable, Sendable {
    /// Objects of JSON, one a row.
    case rows
    /// Objects of JSON, each with arrays of the figures of many rows of a series: half the bytes, and what charts work with.
    case columns
    case csv
}

/// Writes rows of a statement as objects of JSON, with the names in order and without what is NULL, or as lines of CSV.
struct AnswerRows {
    enum Source {
        /// A column of the statement.
        case column(Int32)
        case moment
        case localMoment
        case name
        case unit
    }

    struct Column {
        let source: Source
        /// Where its key is.
        let key: Range<Int>
    }

    /// What to select: first the moment of the row, then the figures that are asked for.
    let sql: String
    /// The line that names the columns of CSV.
    let heading: String
    let columns: [Column]
    /// Of JSON: `,"name":` of one column after the other.
    let keys: [UInt8]
    private let form: AnswerForm
    var clock: CityClock
    private var isFirst = true
    /// Of the series whose rows are written.
    private(set) var name: [UInt8] = []
    private(set) var unit: [UInt8] = []

    /// - Parameters:
    ///   - fields: only these; empty for all.
    ///   - moment: the expression of the moment of a row.
    init<Field: AnswerField>(_ fields: [Field], moment: String, _ form: AnswerForm, zone: ZoneOffsets) {
        let names = Set(fields.map(\.rawValue))
        var chosen = Field.allCases.filter { names.isEmpty || names.contains($0.rawValue) }
        if form != .csv { chosen.sort { $0.rawValue < $1.rawValue } }
        var keys: [UInt8] = []
        var select = [moment]
        columns = chosen.map { field in
            let begin = keys.count
            keys += ",\"\(field.rawValue)\":".utf8
            if case .sql(let expression) = field.source { select.append(expression) }
            return Column(
                source: Source(field.source, column: Int32(select.count - 1)), key: begin..<keys.count)
        }
        sql = select.joined(separator: ", ")
        heading = chosen.map(\.rawValue).joined(separator: ",") + "\n"
        self.keys = keys
        self.form = form
        clock = CityClock(zone: zone)
    }

    /// Rows that follow are of this series.
    mutating func begin(_ series: KnownSeries) {
        name = quoted(series.name)
        unit = quoted(series.unit)
    }

    private func quoted(_ text: String) -> [UInt8] {
        var bytes = AnswerText(capacity: 64)
        var text = text
        text.withUTF8 { form == .csv ? bytes.add(csv: $0) : bytes.add(json: $0) }
        return Array(bytes.bytes)
    }

    /// One row as an object or a line.
    mutating func add(_ row: borrowing RowStatement, to text: inout AnswerText) {
        if form == .csv { addLine(row, &text) } else { addObject(row, &text) }
    }

    private mutating func addObject(_ row: borrowing RowStatement, _ text: inout AnswerText) {
        beginObject(&text)
        var keys = Keys()
        for column in columns {
            let cell = cell(column, row)
            if case .null = cell { continue }
            keys.add(column, of: self, to: &text)
            switch column.source {
            case .name: text.add(name)
            case .unit: text.add(unit)
            case .localMoment: text.add(local: row.integer(0), &clock)
            default: text.add(json: cell)
            }
        }
        text.add(byte: UInt8(ascii: "}"))
    }

    /// With a comma behind the one before.
    mutating func beginObject(_ text: inout AnswerText) {
        if !isFirst { text.add(byte: UInt8(ascii: ",")) }
        isFirst = false
        text.add(byte: UInt8(ascii: "{"))
    }

    /// Of one object: the first comes without a comma.
    struct Keys {
        private var skipped = 1

        @inline(__always)
        mutating func add(_ column: Column, of rows: borrowing AnswerRows, to text: inout AnswerText) {
            rows.keys.withUnsafeBufferPointer {
                text.add(UnsafeBufferPointer(rebasing: $0[column.key.dropFirst(skipped)]))
            }
            skipped = 0
        }
    }

    private mutating func addLine(_ row: borrowing RowStatement, _ text: inout AnswerText) {
        for index in columns.indices {
            if index > 0 { text.add(byte: UInt8(ascii: ",")) }
            switch columns[index].source {
            case .name: text.add(name)
            case .unit: text.add(unit)
            case .localMoment: clock.add(row.integer(0), to: &text)
            default: text.add(csv: cell(columns[index], row))
            }
        }
        text.add(byte: UInt8(ascii: "\n"))
    }

    @inline(__always)
    func cell(_ column: Column, _ row: borrowing RowStatement) -> RowStatement.Cell {
        if case .column(let number) = column.source { return row.cell(number) }
        return .integer(row.integer(0))
    }
}

extension AnswerRows.Source {
    fileprivate init(_ source: AnswerSource, column: Int32) {
        switch source {
        case .sql: self = .column(column)
        case .moment: self = .moment
        case .localMoment: self = .localMoment
        case .name: self = .name
        case .unit: self = .unit
        }
    }
}

extension AnswerText {
    @inline(__always)
    mutating func add(local moment: Milliseconds, _ clock: inout CityClock) {
        add(byte: UInt8(ascii: "\""))
        clock.add(moment, to: &self)
        add(byte: UInt8(ascii: "\""))
    }

    @inline(__always)
    mutating func add(json cell: RowStatement.Cell) {
        switch cell {
        case .null: add("null")
        case .integer(let number): add(number)
        case .number(let number) where number.isFinite: add(number)
        // JSON cannot write it, and that must not cost the whole answer.
        case .number(let number): add(number > 0 ? "\"Infinity\"" : "\"-Infinity\"")
        case .text(let bytes): add(json: bytes)
        }
    }

    fileprivate mutating func add(csv cell: RowStatement.Cell) {
        switch cell {
        case .null: break
        case .integer(let number): add(number)
        case .number(let number): add(described: number)
        case .text(let bytes): add(csv: bytes)
        }
    }
}
