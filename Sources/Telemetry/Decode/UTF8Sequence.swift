/// UTF-8 beyond ASCII, checked where it stands.
enum UTF8Sequence {
    /// Bytes of the sequence at `at`, two to four; nil if it is none (RFC 3629 section 4: no overlong forms, no
    /// surrogates).
    static func count(_ bytes: UnsafePointer<UInt8>, at: Int, end: Int) -> Int? {
        let lead = bytes[at]
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0:
            length = 3
            low = 0xA0
        case 0xED:
            length = 3
            high = 0x9F
        case 0xE1...0xEF: length = 3
        case 0xF0:
            length = 4
            low = 0x90
        case 0xF4:
            length = 4
            high = 0x8F
        case 0xF1...0xF3: length = 4
        default: return nil
        }
        guard at + length <= end, (low...high).contains(bytes[at + 1]) else { return nil }
        for offset in 2..<max(length, 2) where !(0x80...0xBF).contains(bytes[at + offset]) { return nil }
        return length
    }
}
