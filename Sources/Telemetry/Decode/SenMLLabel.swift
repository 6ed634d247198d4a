/// The labels of SenML (RFC 8428 tables 1 and 2); the raw value is the one used in CBOR (table 6).
enum SenMLLabel: Int {
    case baseSum = -6
    case baseValue, baseUnit, baseTime, baseName, baseVersion
    case name, unit, value, textValue, booleanValue, sum, time, updateTime, dataValue

    /// Whether it holds for the records behind it, too.
    @inline(__always)
    var isBase: Bool { rawValue < 0 }

    /// The label as JSON has it, and some writers of CBOR, too.
    @inline(__always)
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        switch text.count {
        case 1: self.init(letter: text[0])
        case 2: self.init(letters: text[0], text[1])
        case 4 where text.elementsEqual("bver".utf8): self = .baseVersion
        default: return nil
        }
    }

    @inline(__always)
    init?(letter: UInt8) {
        switch letter {
        case UInt8(ascii: "n"): self = .name
        case UInt8(ascii: "u"): self = .unit
        case UInt8(ascii: "v"): self = .value
        case UInt8(ascii: "s"): self = .sum
        case UInt8(ascii: "t"): self = .time
        default: return nil
        }
    }

    private init?(letters first: UInt8, _ second: UInt8) {
        switch (first, second) {
        case (UInt8(ascii: "b"), UInt8(ascii: "n")): self = .baseName
        case (UInt8(ascii: "b"), UInt8(ascii: "t")): self = .baseTime
        case (UInt8(ascii: "b"), UInt8(ascii: "u")): self = .baseUnit
        case (UInt8(ascii: "b"), UInt8(ascii: "v")): self = .baseValue
        case (UInt8(ascii: "b"), UInt8(ascii: "s")): self = .baseSum
        case (UInt8(ascii: "v"), UInt8(ascii: "s")): self = .textValue
        case (UInt8(ascii: "v"), UInt8(ascii: "b")): self = .booleanValue
        case (UInt8(ascii: "v"), UInt8(ascii: "d")): self = .dataValue
        case (UInt8(ascii: "u"), UInt8(ascii: "t")): self = .updateTime
        default: return nil
        }
    }
}
