/// The two encodings of a SenML pack that are read (RFC 8428 sections 5 and 6).
package enum SenMLEncoding: Sendable {
    case json, cbor

    /// Walks the records of a pack that have a value or a sum.
    /// - Parameters:
    ///   - sequence: label of the message number, nil if there is none.
    ///   - body: takes the pack with a record in hand whose name is not yet looked at; a rejection ends the walk.
    /// - Returns: why and where the pack was refused, nil if it was not.
    @inline(__always)
    func forEachRecord(
        _ payload: UnsafeRawBufferPointer, _ limits: DecodeLimits, sequence: [UInt8]?,
        _ pack: SenMLPack, _ body: (SenMLPack, UnsafePointer<UInt8>) -> Rejection?
    ) -> Rejection? {
        guard payload.count <= limits.payloadBytes else {
            return Rejection(.tooLarge, at: limits.payloadBytes)
        }
        switch self {
        case .json:
            guard payload.count > 0 else { return Rejection(.notJSON) }
            var reader = JSONReader(payload, depth: limits.depth)
            let went = Self.read(&reader, sequence, pack, body)
            return went && reader.finish() ? nil : reader.rejection
        case .cbor:
            guard payload.count > 0 else { return Rejection(.notCBOR) }
            var reader = CBORReader(payload, depth: limits.depth)
            let went = Self.read(&reader, sequence, pack, body)
            return went && reader.finish() ? nil : reader.rejection
        }
    }

    /// Hands the record in hand on.
    @inline(__always)
    private static func take(
        _ pack: SenMLPack, in bytes: UnsafePointer<UInt8>,
        _ body: (SenMLPack, UnsafePointer<UInt8>) -> Rejection?
    ) -> Rejection? {
        if let rejection = pack.resolve() { return rejection }
        return pack.hasContent ? body(pack, bytes) : nil
    }

    // MARK: JSON

    @inline(__always)
    private static func read(
        _ reader: inout JSONReader, _ sequence: [UInt8]?, _ pack: SenMLPack,
        _ body: (SenMLPack, UnsafePointer<UInt8>) -> Rejection?
    ) -> Bool {
        guard reader.peek() == UInt8(ascii: "[") else { return refuse(&reader) }
        var step = reader.enter(closing: UInt8(ascii: "]"))
        while step == .child {
            guard reader.peek() == UInt8(ascii: "{") else { return refuse(&reader) }
            pack.record.begin(at: reader.at)
            guard fields(&reader, sequence, &pack.record) else { return false }
            if let rejection = take(pack, in: reader.bytes, body) {
                return reader.fail(rejection.reason, at: rejection.offset)
            }
            step = reader.proceed(closing: UInt8(ascii: "]"))
        }
        return step == .end
    }

    /// What is no JSON at all is said to be that.
    private static func refuse(_ reader: inout JSONReader) -> Bool {
        let start = reader.at
        return reader.skip() ? reader.fail(.notSenML, at: start) : false
    }

    private static func fields(_ reader: inout JSONReader, _ sequence: [UInt8]?, _ record: inout SenMLRecord)
        -> Bool
    {
        var step = reader.enter(closing: UInt8(ascii: "}"))
        while step == .child {
            if let label = letter(&reader) {
                let start = reader.at - 3
                var field = FieldValue.absent
                guard reader.value(&field) else { return false }
                if let reason = record.keep(label, field, in: reader.bytes) {
                    return reader.fail(reason, at: start)
                }
            } else {
                guard longField(&reader, sequence, &record) else { return false }
            }
            step = reader.proceed(closing: UInt8(ascii: "}"))
        }
        return step == .end
    }

    /// The label of a member if it is one letter, as most are; nil if it is another, and then the cursor stays on it.
    @inline(__always)
    private static func letter(_ reader: inout JSONReader) -> SenMLLabel? {
        guard reader.peek() == UInt8(ascii: "\""), reader.end - reader.at > 3 else { return nil }
        let key = reader.bytes + reader.at
        guard key[2] == UInt8(ascii: "\""), key[3] == UInt8(ascii: ":"),
            let label = SenMLLabel(letter: key[1])
        else { return nil }
        reader.at += 4
        return label
    }

    /// A member with a label of any length, or with spaces behind it.
    @inline(never)
    private static func longField(
        _ reader: inout JSONReader, _ sequence: [UInt8]?, _ record: inout SenMLRecord
    ) -> Bool {
        var key = 0..<0
        var escaped = false
        var field = FieldValue.absent
        guard reader.key(&key, &escaped), reader.value(&field) else { return false }
        let text = UnsafeBufferPointer(start: reader.bytes + key.lowerBound, count: key.count)
        let whole = reader.whole(field)
        let reason =
            escaped
            ? JSONKey.unescape(text).withUnsafeBufferPointer {
                keep(field, $0, sequence, in: reader.bytes, &record, whole)
            }
            : keep(field, text, sequence, in: reader.bytes, &record, whole)
        return reason.map { reader.fail($0, at: key.lowerBound) } ?? true
    }

    /// Keeps the field of a label that is text.
    /// - Parameter whole: the field as a message number, nil if it is none.
    ///
    /// An unknown label that ends in `_` must be understood (section 4.4), and we
    /// know none.
    private static func keep(
        _ field: FieldValue, _ label: UnsafeBufferPointer<UInt8>, _ sequence: [UInt8]?,
        in bytes: UnsafePointer<UInt8>, _ record: inout SenMLRecord, _ whole: Int64?
    ) -> RejectionReason? {
        if let known = SenMLLabel(label) { return record.keep(known, field, in: bytes) }
        if let sequence, label.elementsEqual(sequence) { return record.keep(sequence: whole) }
        return label.last == UInt8(ascii: "_") ? .notSenML : nil
    }

    // MARK: CBOR

    @inline(__always)
    private static func read(
        _ reader: inout CBORReader, _ sequence: [UInt8]?, _ pack: SenMLPack,
        _ body: (SenMLPack, UnsafePointer<UInt8>) -> Rejection?
    ) -> Bool {
        guard var array = reader.item() else { return false }
        if array.kind == .tag, array.argument == selfDescribed {
            guard let content = reader.item() else { return false }
            array = content
        }
        guard array.kind == .array else { return reader.fail(.notSenML, at: array.start) }
        return reader.forEach(in: array) { reader in
            guard let map = reader.item() else { return false }
            guard map.kind == .map else { return reader.fail(.notSenML, at: map.start) }
            pack.record.begin(at: map.start)
            guard fields(&reader, map, sequence, &pack.record) else { return false }
            guard let rejection = take(pack, in: reader.bytes, body) else { return true }
            return reader.fail(rejection.reason, at: rejection.offset)
        }
    }

    /// The tag that says of what follows that it is CBOR (RFC 8949 section 3.4.6).
    private static let selfDescribed: UInt64 = 55_799

    private static func fields(
        _ reader: inout CBORReader, _ map: CBORItem, _ sequence: [UInt8]?, _ record: inout SenMLRecord
    ) -> Bool {
        reader.forEach(in: map) { reader in
            guard let key = reader.item() else { return false }
            var field = FieldValue.absent
            switch key.kind {
            case .unsigned, .negative:
                guard reader.value(&field) else { return false }
                // Numbers beyond those of the labels are extensions, and may be passed over.
                guard let argument = Int(exactly: key.argument), argument < 64,
                    let label = SenMLLabel(rawValue: key.kind == .unsigned ? argument : -1 - argument)
                else { return true }
                return record.keep(label, field, in: reader.bytes).map { reader.fail($0, at: key.start) }
                    ?? true
            case .text:
                guard reader.value(&field) else { return false }
                let reason = keep(text: key, field, sequence, reader, &record)
                return reason.map { reader.fail($0, at: key.start) } ?? true
            case .stop: return reader.fail(.notCBOR, at: key.start)
            default: return reader.fail(.notSenML, at: key.start)
            }
        }
    }

    private static func keep(
        text key: CBORItem, _ field: FieldValue, _ sequence: [UInt8]?, _ reader: borrowing CBORReader,
        _ record: inout SenMLRecord
    ) -> RejectionReason? {
        let (bytes, whole) = (reader.bytes, reader.whole(field))
        let label = UnsafeBufferPointer(start: bytes + key.contents.lowerBound, count: key.contents.count)
        guard key.isIndefinite else { return keep(field, label, sequence, in: bytes, &record, whole) }
        return CBORReader.joined(label).withUnsafeBufferPointer {
            keep(field, $0, sequence, in: bytes, &record, whole)
        }
    }
}
