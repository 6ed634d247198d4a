/// Decodes a batch of rows under a header (RFC 4180, with a choice of delimiter and decimal mark).
package enum CSVPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, dialect: CSVDialect,
        device: UnsafeBufferPointer<UInt8>, now: Milliseconds, into scratch: DecodeScratch,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.begin(plan)
        guard let base = payload.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return Rejection(.notCSV)
        }
        var reader = CSVReader(bytes: base, end: payload.count, delimiter: dialect.delimiter)
        reader.skipByteOrderMark()
        // Which column fills which slot: at most `maximumSlots` columns are looked at.
        return withUnsafeTemporaryAllocation(of: Int16.self, capacity: DecodeScratch.maximumSlots) { slots in
            let (columns, rejection) = header(&reader, plan, slots)
            if let rejection { return rejection }
            while !reader.isAtEnd {
                if let rejection = row(&reader, plan, slots, columns, scratch) { return rejection }
            }
            var records = RecordReader(payload: base, device: device, now: now)
            records.everythingIsText = true
            records.decimal = dialect.decimal
            return records.read(plan, hasRecords: true, into: scratch, &message)
        }
    }

    private static func header(
        _ reader: inout CSVReader, _ plan: borrowing RecordPlan, _ slots: UnsafeMutableBufferPointer<Int16>
    ) -> (columns: Int, Rejection?) {
        var columns = 0
        var found = 0
        var name = 0
        var more = true
        while more {
            var field = FieldValue.absent
            guard let next = reader.field(&field), columns < slots.count else {
                return (0, Rejection(.notCSV, at: reader.at))
            }
            let slot = plan.names.slot(field.text(in: reader.bytes), next: &name)
            // Of two columns with one name nobody knows which is meant.
            if let slot, slots[..<columns].contains(Int16(slot)) {
                return (0, Rejection(.duplicateKey, at: Int(field.start)))
            }
            slots[columns] = Int16(slot ?? -1)
            if slot != nil { found += 1 }
            columns += 1
            more = next
        }
        return found == 0 ? (0, Rejection(.notCSV)) : (columns, nil)
    }

    private static func row(
        _ reader: inout CSVReader, _ plan: borrowing RecordPlan, _ slots: UnsafeMutableBufferPointer<Int16>,
        _ columns: Int, _ scratch: DecodeScratch
    ) -> Rejection? {
        let start = reader.at
        guard !reader.skipEmptyLine() else { return nil }
        guard let record = scratch.beginRecord(plan) else { return Rejection(.tooManyReadings, at: start) }
        var column = 0
        var more = true
        while more {
            var field = FieldValue.absent
            guard let next = reader.field(&field), column < columns else {
                return Rejection(.notCSV, at: reader.at)
            }
            if slots[column] >= 0 { record[Int(slots[column])] = field }
            column += 1
            more = next
        }
        return column == columns ? nil : Rejection(.notCSV, at: start)
    }
}

/// A cursor over delimited text. Fields may be quoted; doubled quotes inside stay so, for making one of them would take a copy.
package struct CSVReader {
    package let bytes: UnsafePointer<UInt8>
    let end: Int
    let delimiter: UInt8
    package private(set) var at = 0

    package init(bytes: UnsafePointer<UInt8>, end: Int, delimiter: UInt8) {
        self.bytes = bytes
        self.end = end
        self.delimiter = delimiter
    }

    package var isAtEnd: Bool { at >= end }

    package mutating func skipByteOrderMark() {
        if end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
    }

    package mutating func skipEmptyLine() -> Bool {
        if at < end, bytes[at] == 0x0A {
            at += 1
            return true
        }
        if at + 1 < end, bytes[at] == 0x0D, bytes[at + 1] == 0x0A {
            at += 2
            return true
        }
        return false
    }

    /// The next field.
    /// - Returns: whether the row goes on, nil if the text is malformed here.
    package mutating func field(_ field: inout FieldValue) -> Bool? {
        let quoted = at < end && bytes[at] == Self.quote
        if quoted { at += 1 }
        let start = at
        while at < end {
            if quoted ? bytes[at] == Self.quote : isBorder(bytes[at]) {
                guard quoted, at + 1 < end, bytes[at + 1] == Self.quote else { break }
                at += 1
            }
            at += 1
        }
        field = FieldValue(number: 0, start: Int32(start), end: Int32(at), kind: .text)
        if quoted {
            guard at < end else { return nil }
            at += 1
        }
        guard at < end else { return false }
        switch bytes[at] {
        case delimiter:
            at += 1
            return true
        case 0x0D where at + 1 < end && bytes[at + 1] == 0x0A:
            at += 2
            return false
        case 0x0A:
            at += 1
            return false
        default: return nil
        }
    }

    /// What a field says, with its doubled quotes made one: for tables and people.
    package func text(_ field: FieldValue) -> String {
        let text = field.text(in: bytes)
        guard field.start > 0, bytes[Int(field.start) - 1] == Self.quote else {
            return String(decoding: text, as: UTF8.self)
        }
        // Inside quotes they come in pairs only: the first of each is kept.
        var isSecond = true
        let kept = text.filter { byte in
            if byte == Self.quote { isSecond.toggle() }
            return byte != Self.quote || !isSecond
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private static var quote: UInt8 { UInt8(ascii: "\"") }

    private func isBorder(_ byte: UInt8) -> Bool { byte == delimiter || byte == 0x0A || byte == 0x0D }
}
