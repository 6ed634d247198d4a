/// Walks the values of a Cayenne payload: channel, type and big-endian data, one after the other.
package struct CayenneLPPReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where the value the cursor is at begins.
    package private(set) var at = 0
    package private(set) var channel: UInt8 = 0
    package private(set) var type = CayenneLPPType(code: 0, width: 1)
    private var data = 0

    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    package enum Step { case value, end, fault }

    /// Goes to the next value. After a fault, which is at `at`, nothing can be read any more.
    package mutating func step() -> Step {
        at = data > 0 ? data + type.size : 0
        guard at < bytes.count else { return .end }
        guard at + 1 < bytes.count, let type = CayenneLPPType.coded(bytes[at + 1]),
            at + 2 + type.size <= bytes.count
        else { return .fault }
        channel = bytes[at]
        self.type = type
        data = at + 2
        return .value
    }

    /// Offset of a part's data.
    package func offset(ofPart part: Int) -> Int { data + part * type.width }

    package func number(ofPart part: Int) -> Double {
        var raw: Int64 = 0
        let start = offset(ofPart: part)
        for index in start..<start + type.width { raw = raw << 8 | Int64(bytes[index]) }
        if raw > type.range.upperBound { raw -= 1 << Int64(8 * type.width) }
        return Double(raw) / type.divisor(ofPart: part)
    }
}
