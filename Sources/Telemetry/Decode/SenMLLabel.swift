/// The labels of SenML (RFC 8428 tables 1 and 2); the raw value is the one used in CBOR (table 6).
enum SenMLLabel: Int {
    case baseSum = -6
    case baseValue, baseUnit, baseTime, baseName, baseVersion
    case name, unit, value, textValue, booleanValue, sum, time, updateTime, dataValue

    /// The label as JSON has it, and some writers of CBOR, too.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count <= 4 else { return nil }
        var letters: UInt32 = 0
        for byte in text { letters = letters << 8 | UInt32(byte) }
        switch letters {
        case Self.letters("bs"): self = .baseSum
        case Self.letters("bv"): self = .baseValue
        case Self.letters("bu"): self = .baseUnit
        case Self.letters("bt"): self = .baseTime
        case Self.letters("bn"): self = .baseName
        case Self.letters("bver"): self = .baseVersion
        case Self.letters("n"): self = .name
        case Self.letters("u"): self = .unit
        case Self.letters("v"): self = .value
        case Self.letters("vs"): self = .textValue
        case Self.letters("vb"): self = .booleanValue
        case Self.letters("s"): self = .sum
        case Self.letters("t"): self = .time
        case Self.letters("ut"): self = .updateTime
        case Self.letters("vd"): self = .dataValue
        default: return nil
        }
    }

    @inline(__always)
    private static func letters(_ text: StaticString) -> UInt32 {
        var letters: UInt32 = 0
        for index in 0..<text.utf8CodeUnitCount { letters = letters << 8 | UInt32(text.utf8Start[index]) }
        return letters
    }
}
