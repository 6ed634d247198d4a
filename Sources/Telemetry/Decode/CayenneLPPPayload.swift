/// Decodes the Cayenne Low Power Payload that LoRaWAN sensors send, as it is or as base64 in a server's JSON message.
///
/// An unknown type or cut-off data makes the rest unreadable: what stands before is kept, the message is partial. So is
/// one that says a field twice: the first stands.
package enum CayenneLPPPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, device: UnsafeBufferPointer<UInt8>,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        let content: BinaryContent
        switch BinaryContent.open(payload, plan, scratch) {
        case .success(let found): content = found
        case .failure(let rejection): return rejection
        }
        guard let record = scratch.beginRecord(plan) else { return Rejection(.tooManyReadings) }
        var reader = CayenneLPPReader(content.bytes)
        var next = 0
        walk: while true {
            switch reader.step() {
            case .end: break walk
            case .fault:
                message.refuse(part: Rejection(.notCayenneLPP, at: content.offset(of: reader.at)))
                break walk
            case .value: keep(reader, content, into: record, plan, &next, &message)
            }
        }
        let records = RecordReader(
            payload: payload.baseAddress!.assumingMemoryBound(to: UInt8.self), device: device, now: now)
        if let rejection = records.read(record, plan, into: scratch, &message) {
            // What was cut off may be what is missing.
            let isMissing = rejection.reason == .missingTime || rejection.reason == .missingSequence
            return isMissing ? message.partial ?? rejection : rejection
        }
        return scratch.count > 0 ? nil : message.partial ?? Rejection(.noReadings)
    }

    private static func keep(
        _ reader: CayenneLPPReader, _ content: BinaryContent, into record: UnsafeMutablePointer<FieldValue>,
        _ plan: borrowing RecordPlan, _ next: inout Int, _ message: inout DecodedMessage
    ) {
        var isRepeated = false
        for part in 0..<reader.type.parts {
            let key = (reader.type.code, reader.channel, UInt8(part))
            let slot = withUnsafeBytes(of: key) { key in
                plan.names.slot(key.assumingMemoryBound(to: UInt8.self), next: &next)
            }
            guard let slot else { continue }
            guard record[slot].kind == .absent else {
                isRepeated = true
                continue
            }
            let offset = Int32(content.offset(of: reader.offset(ofPart: part)))
            // A number without a token: enums go by its value.
            record[slot] = FieldValue(
                number: reader.number(ofPart: part), start: offset, end: offset, kind: .number)
        }
        if isRepeated {
            message.refuse(part: Rejection(.notCayenneLPP, at: content.offset(of: reader.at)))
        }
    }
}
