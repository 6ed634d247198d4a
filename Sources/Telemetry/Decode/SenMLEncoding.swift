/// The two encodings of a SenML pack that are read (RFC 8428 sections 5 and 6).
package enum SenMLEncoding: Sendable {
    case json, cbor

    /// Walks the records of a pack.
    /// - Parameters:
    ///   - sequence: label of the message number, nil if there is none.
    ///   - body: takes a record; a rejection ends the walk.
    /// - Returns: why and where the pack was refused, nil if it was not.
    @inline(__always)
    func forEachRecord(
        _ payload: UnsafeRawBufferPointer, _ limits: DecodeLimits, sequence: [UInt8]?,
        _ body: (borrowing SenMLRecord, UnsafePointer<UInt8>) -> Rejection?
    ) -> Rejection? {
        guard payload.count <= limits.payloadBytes else {
            return Rejection(.tooLarge, at: limits.payloadBytes)
        }
        switch self {
        case .json:
            guard payload.count > 0 else { return Rejection(.notJSON) }
            var reader = JSONReader(payload, depth: limits.depth)
            let went = Self.pack(&reader, sequence, body)
            return went && reader.finish() ? nil : reader.rejection
        case .cbor:
            guard payload.count > 0 else { return Rejection(.notCBOR) }
            var reader = CBORReader(payload, depth: limits.depth)
            let went = Self.pack(&reader, sequence, body)
            return went && reader.finish() ? nil : reader.rejection
        }
    }

    // MARK: JSON

    @inline(__always)
    private static func pack(
        _ reader: inout JSONReader, _ sequence: [UInt8]?,
        _ body: (borrowing SenMLRecord, UnsafePointer<UInt8>) -> Rejection?
    ) -> Bool {
        guard reader.peek() == UInt8(ascii: "[") else {
            // What is no JSON at all is said to be that.
            let start = reader.at
            return reader.skip() ? reader.fail(.notSenML, at: start) : false
        }
        return reader.forEachElement { reader, _, _, _ in
            guard reader.peek() == UInt8(ascii: "{") else {
                let start = reader.at
                return reader.skip() ? reader.fail(.notSenML, at: start) : false
            }
            var record = SenMLRecord(start: reader.at)
            guard fields(&reader, sequence, &record) else { return false }
            guard let rejection = body(record, reader.bytes) else { return true }
            return reader.fail(rejection.reason, at: rejection.offset)
        }
    }

    private static func fields(_ reader: inout JSONReader, _ sequence: [UInt8]?, _ record: inout SenMLRecord)
        -> Bool
    {
        var kept = record
        let went = reader.forEachElement { reader, key, keyIsEscaped, _ in
            var field = FieldValue.absent
            guard reader.value(&field) else { return false }
            let label = UnsafeBufferPointer(start: reader.bytes + key.lowerBound, count: key.count)
            let reason =
                keyIsEscaped
                ? JSONKey.unescape(label).withUnsafeBufferPointer {
                    keep(field, $0, sequence, in: reader.bytes, &kept) { reader.whole($0) }
                }
                : keep(field, label, sequence, in: reader.bytes, &kept) { reader.whole($0) }
            return reason.map { reader.fail($0, at: key.lowerBound) } ?? true
        }
        record = kept
        return went
    }

    /// Keeps the field of a label that is text. An unknown label that ends in `_` must be understood (section 4.4), and we
    /// know none.
    private static func keep(
        _ field: FieldValue, _ label: UnsafeBufferPointer<UInt8>, _ sequence: [UInt8]?,
        in bytes: UnsafePointer<UInt8>, _ record: inout SenMLRecord,
        _ whole: (FieldValue) -> Int64?
    ) -> RejectionReason? {
        if let known = SenMLLabel(label) { return record.keep(known, field, in: bytes) }
        if let sequence, label.elementsEqual(sequence) { return record.keep(sequence: whole(field)) }
        return label.last == UInt8(ascii: "_") ? .notSenML : nil
    }

    // MARK: CBOR

    @inline(__always)
    private static func pack(
        _ reader: inout CBORReader, _ sequence: [UInt8]?,
        _ body: (borrowing SenMLRecord, UnsafePointer<UInt8>) -> Rejection?
    ) -> Bool {
        guard var pack = reader.item() else { return false }
        if pack.kind == .tag, pack.argument == selfDescribed {
            guard let content = reader.item() else { return false }
            pack = content
        }
        guard pack.kind == .array else { return reader.fail(.notSenML, at: pack.start) }
        return reader.forEach(in: pack) { reader in
            guard let map = reader.item() else { return false }
            guard map.kind == .map else { return reader.fail(.notSenML, at: map.start) }
            var record = SenMLRecord(start: map.start)
            guard fields(&reader, map, sequence, &record) else { return false }
            guard let rejection = body(record, reader.bytes) else { return true }
            return reader.fail(rejection.reason, at: rejection.offset)
        }
    }

    /// The tag that says of what follows that it is CBOR (RFC 8949 section 3.4.6).
    private static let selfDescribed: UInt64 = 55_799

    private static func fields(
        _ reader: inout CBORReader, _ map: CBORItem, _ sequence: [UInt8]?, _ record: inout SenMLRecord
    ) -> Bool {
        var kept = record
        let went = reader.forEach(in: map) { reader in
            guard let key = reader.item() else { return false }
            var field = FieldValue.absent
            switch key.kind {
            case .unsigned, .negative:
                guard reader.value(&field) else { return false }
                // Numbers beyond those of the labels are extensions, and may be passed over.
                guard let argument = Int(exactly: key.argument), argument < 64,
                    let label = SenMLLabel(rawValue: key.kind == .unsigned ? argument : -1 - argument)
                else { return true }
                return kept.keep(label, field, in: reader.bytes).map { reader.fail($0, at: key.start) }
                    ?? true
            case .text:
                guard reader.value(&field) else { return false }
                let label = UnsafeBufferPointer(
                    start: reader.bytes + key.contents.lowerBound, count: key.contents.count)
                let reason =
                    key.isIndefinite
                    ? CBORReader.joined(label).withUnsafeBufferPointer {
                        keep(field, $0, sequence, in: reader.bytes, &kept) { reader.whole($0) }
                    }
                    : keep(field, label, sequence, in: reader.bytes, &kept) { reader.whole($0) }
                return reason.map { reader.fail($0, at: key.start) } ?? true
            case .stop: return reader.fail(.notCBOR, at: key.start)
            default: return reader.fail(.notSenML, at: key.start)
            }
        }
        record = kept
        return went
    }
}
