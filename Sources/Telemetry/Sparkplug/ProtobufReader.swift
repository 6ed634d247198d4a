/// One field of a protocol buffers message (encoding guide, "Message Structure").
struct ProtobufField: BitwiseCopyable {
    enum Content: BitwiseCopyable {
        case number, bytes
    }

    let number: Int
    let content: Content
    /// Of a varint, fixed64 or fixed32.
    let bits: UInt64
    /// Where bytes stand; empty for numbers.
    let start: Int
    let end: Int
}

/// A cursor over the wire format of protocol buffers that checks everything and allocates nothing.
///
/// Fields come in any order, and unknown ones are for the caller to pass over. Groups, which were taken out of the language
/// before Sparkplug began, are refused.
struct ProtobufReader {
    let bytes: UnsafePointer<UInt8>
    private(set) var at: Int
    private let end: Int
    /// Where it is no such message; nil if it is one so far.
    private(set) var fault: Int?

    init(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
    }

    /// The next field; nil at the end, and at a fault.
    mutating func next() -> ProtobufField? {
        guard at < end, fault == nil else { return nil }
        let start = at
        guard let tag = varint() else { return nil }
        let number = tag >> 3
        guard (1...0x1FFF_FFFF).contains(number) else { return fail(start) }
        switch tag & 7 {
        case 0: return varint().map { field(number, $0) }
        case 1: return fixed(8).map { field(number, $0) }
        case 5: return fixed(4).map { field(number, $0) }
        case 2:
            guard let count = varint() else { return nil }
            guard count <= UInt64(end - at) else { return fail(start) }
            defer { at += Int(count) }
            return ProtobufField(
                number: Int(number), content: .bytes, bits: 0, start: at, end: at + Int(count))
        default: return fail(start)
        }
    }

    private func field(_ number: UInt64, _ bits: UInt64) -> ProtobufField {
        ProtobufField(number: Int(number), content: .number, bits: bits, start: at, end: at)
    }

    private mutating func fail<Value>(_ offset: Int) -> Value? {
        if fault == nil { fault = offset }
        return nil
    }

    private mutating func varint() -> UInt64? {
        let start = at
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard at < end else { return fail(end) }
            let byte = bytes[at]
            at += 1
            // The tenth byte has room for the highest bit alone.
            if shift == 63, byte > 1 { return fail(start) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return fail(start)
    }

    /// Little endian.
    private mutating func fixed(_ count: Int) -> UInt64? {
        guard end - at >= count else { return fail(end) }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[at + index]) << UInt64(8 * index) }
        at += count
        return value
    }
}
