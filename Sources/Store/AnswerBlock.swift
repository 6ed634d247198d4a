/// Rows of one series as arrays, one a column, until they are written as one object.
final class AnswerBlock {
    private let texts: UnsafeMutablePointer<AnswerText>
    private var isOfUse: [Bool]
    /// Bytes that wait to be written.
    private(set) var size = 0

    init(columns: Int) {
        texts = .allocate(capacity: columns)
        for index in 0..<columns { (texts + index).initialize(to: AnswerText(capacity: 16 << 10)) }
        isOfUse = Array(repeating: false, count: columns)
    }

    deinit {
        texts.deinitialize(count: isOfUse.count)
        texts.deallocate()
    }

    func add(_ row: borrowing RowStatement, _ rows: inout AnswerRows) {
        var size = 0
        for index in isOfUse.indices {
            texts[index].add(byte: texts[index].count == 0 ? 91 : 44)
            let column = rows.columns[index]
            switch column.source {
            case .name, .unit: isOfUse[index] = true
            case .localMoment:
                texts[index].add(local: row.integer(0), &rows.clock)
                isOfUse[index] = true
            case .moment, .column:
                let cell = rows.cell(column, row)
                texts[index].add(json: cell)
                if case .null = cell { continue }
                isOfUse[index] = true
            }
            size += texts[index].count
        }
        self.size = size
    }

    /// Writes what there is. What no row has is left out, name and unit are said once.
    func close(_ rows: inout AnswerRows, into text: inout AnswerText) {
        guard size > 0 else { return }
        size = 0
        rows.beginObject(&text)
        var keys = AnswerRows.Keys()
        for index in isOfUse.indices {
            defer { texts[index].clear() }
            guard isOfUse[index] else { continue }
            isOfUse[index] = false
            keys.add(rows.columns[index], of: rows, to: &text)
            switch rows.columns[index].source {
            case .name: text.add(rows.name)
            case .unit: text.add(rows.unit)
            default:
                text.add(texts[index].bytes)
                text.add(byte: 93)
            }
        }
        text.add(byte: 125)
    }
}
