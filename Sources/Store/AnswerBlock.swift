/// Rows of one series as arrays, one a column, until they are written as one object.
final class AnswerBlock {
    private struct Values: ~Copyable {
        let source: AnswerRows.Source
        var text = AnswerText(capacity: 16 << 10)
        /// Not all of them are NULL.
        var isOfUse = false
    }

    private let values: UnsafeMutablePointer<Values>
    private let count: Int
    /// Bytes that wait to be written.
    private(set) var size = 0

    init(_ columns: [AnswerRows.Column]) {
        count = columns.count
        values = .allocate(capacity: count)
        for index in 0..<count { (values + index).initialize(to: Values(source: columns[index].source)) }
    }

    deinit {
        values.deinitialize(count: count)
        values.deallocate()
    }

    /// Columns lie beside their values: of an array each row would count references.
    func add(_ row: borrowing RowStatement, _ clock: inout CityClock) {
        for index in 0..<count {
            let before = values[index].text.count
            values[index].text.add(byte: before == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
            if add(values[index].source, row, &clock, to: &values[index].text) {
                values[index].isOfUse = true
            }
            size += values[index].text.count - before
        }
    }

    /// - Returns: whether the row has it.
    @inline(__always)
    private func add(
        _ source: AnswerRows.Source, _ row: borrowing RowStatement, _ clock: inout CityClock,
        to text: inout AnswerText
    ) -> Bool {
        switch source {
        case .name, .unit: break
        case .moment: text.add(row.integer(0))
        case .localMoment: text.add(local: row.integer(0), &clock)
        case .column(let number):
            let cell = row.cell(number)
            text.add(json: cell)
            if case .null = cell { return false }
        }
        return true
    }

    /// Writes what there is. What no row has is left out, name and unit are said once.
    func close(_ rows: inout AnswerRows, into text: inout AnswerText) {
        guard size > 0 else { return }
        size = 0
        rows.beginObject(&text)
        var keys = AnswerRows.Keys()
        for index in 0..<count {
            defer { values[index].text.clear() }
            guard values[index].isOfUse else { continue }
            values[index].isOfUse = false
            keys.add(rows.columns[index], of: rows, to: &text)
            switch values[index].source {
            case .name: text.add(rows.name)
            case .unit: text.add(rows.unit)
            default:
                text.add(values[index].text.bytes)
                text.add(byte: UInt8(ascii: "]"))
            }
        }
        text.add(byte: UInt8(ascii: "}"))
    }
}
