/// Decodes a payload that is one number, one boolean or one word.
package enum ScalarPayload {
    /// - Parameter slot: the field the payload is; the others are absent.
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, device: UnsafeBufferPointer<UInt8>,
        field slot: Int, now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.begin(plan)
        guard let base = payload.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let value = value(base, count: payload.count)
        else {
            return Rejection(.noReadings)
        }
        scratch.message[slot] = value
        return RecordReader(payload: base, device: device, now: now)
            .read(plan, hasRecords: false, into: scratch, &message)
    }

    /// What the payload says; nil if it says nothing.
    static func value(_ base: UnsafePointer<UInt8>, count: Int) -> FieldValue? {
        var start = 0
        var end = count
        if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { start = 3 }
        while start < end, isSpace(base[start]) { start += 1 }
        while end > start, isSpace(base[end - 1]) || base[end - 1] == 0 { end -= 1 }
        if end - start >= 2, base[start] == UInt8(ascii: "\""), base[end - 1] == UInt8(ascii: "\"") {
            start += 1
            end -= 1
        }
        return start < end ? field(base, start, end) : nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func field(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> FieldValue {
        let text = UnsafeBufferPointer(start: base + start, count: end - start)
        var field = FieldValue(number: 0, start: Int32(start), end: Int32(end), kind: .text)
        if let number = NumberScanner.parse(text) {
            field.number = number
            field.kind = .number
        } else if text.elementsEqual("true".utf8) {
            field.kind = .yes
        } else if text.elementsEqual("false".utf8) {
            field.kind = .no
        }
        return field
    }
}
