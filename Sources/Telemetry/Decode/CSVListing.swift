/// The rows of a CSV payload by their headers: for people, not for the hot path.
package enum CSVListing {
    package static func list(_ payload: [UInt8], dialect: CSVDialect = CSVDialect())
        -> Result<[[(column: String, text: String)]], Rejection>
    {
        payload.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return .failure(Rejection(.notCSV)) }
            var reader = CSVReader(bytes: base, end: bytes.count, delimiter: dialect.delimiter)
            reader.skipByteOrderMark()
            guard !reader.isAtEnd, let header = row(&reader) else {
                return .failure(Rejection(.notCSV, at: reader.at))
            }
            var rows: [[(column: String, text: String)]] = []
            while !reader.isAtEnd {
                if reader.skipEmptyLine() { continue }
                guard let fields = row(&reader), fields.count == header.count else {
                    return .failure(Rejection(.notCSV, at: reader.at))
                }
                rows.append(Array(zip(header, fields)).map { ($0, $1) })
            }
            return .success(rows)
        }
    }

    private static func row(_ reader: inout CSVReader) -> [String]? {
        var fields: [String] = []
        while true {
            var field = FieldValue.absent
            guard let more = reader.field(&field) else { return nil }
            fields.append(reader.text(field))
            if !more { return fields }
        }
    }
}
