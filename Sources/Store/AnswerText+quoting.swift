extension AnswerText {
    /// A string of JSON. What must be escaped is found seldom, the stretches between are copied.
    mutating func add(json bytes: UnsafeBufferPointer<UInt8>) {
        add(byte: UInt8(ascii: "\""))
        var begin = 0
        for (index, byte) in bytes.enumerated() where Self.mustBeEscaped(byte) {
            add(UnsafeBufferPointer(rebasing: bytes[begin..<index]))
            add(escaped: byte)
            begin = index + 1
        }
        add(UnsafeBufferPointer(rebasing: bytes[begin...]))
        add(byte: UInt8(ascii: "\""))
    }

    @inline(__always)
    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func add(escaped byte: UInt8) {
        switch byte {
        case 8: add("\\b")
        case 9: add("\\t")
        case 10: add("\\n")
        case 12: add("\\f")
        case 13: add("\\r")
        case 34: add("\\\"")
        case 92: add("\\\\")
        default: add("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
        }
    }

    /// A cell of CSV, in quotes where it must be.
    mutating func add(csv bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.contains(where: Self.mustBeQuoted) else { return add(bytes) }
        add(byte: UInt8(ascii: "\""))
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { add(byte: UInt8(ascii: "\"")) }
            add(byte: byte)
        }
        add(byte: UInt8(ascii: "\""))
    }

    @inline(__always)
    private static func mustBeQuoted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }
}
