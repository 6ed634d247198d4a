extension AnswerText {
    /// A string of JSON. What must be escaped is found seldom, the stretches between are copied.
    mutating func add(json bytes: UnsafeBufferPointer<UInt8>) {
        add(byte: 34)
        var begin = 0
        for (index, byte) in bytes.enumerated() where byte < 32 || byte == 34 || byte == 92 {
            add(UnsafeBufferPointer(rebasing: bytes[begin..<index]))
            add(escaped: byte)
            begin = index + 1
        }
        add(UnsafeBufferPointer(rebasing: bytes[begin...]))
        add(byte: 34)
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
        let isPlain = bytes.allSatisfy { $0 != 44 && $0 != 34 && $0 != 10 && $0 != 13 }
        if isPlain { return add(bytes) }
        add(byte: 34)
        for byte in bytes {
            if byte == 34 { add(byte: 34) }
            add(byte: byte)
        }
        add(byte: 34)
    }
}
