/// Eight bytes of a payload in one register, the first in the lowest place: looked at in one step instead of eight.
///
/// A sum or difference may carry from a byte into the next, but only from one that is found itself; so what is found first
/// is right, and what lies behind it does not matter.
struct EightBytes {
    let bits: UInt64

    @inline(__always)
    private init(bits: UInt64) { self.bits = bits }

    /// - Parameter bytes: eight of them are read.
    @inline(__always)
    init(at bytes: UnsafePointer<UInt8>) {
        bits = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// How many bytes lie before the first that has its highest bit set.
    @inline(__always)
    private static func countBefore(_ found: UInt64) -> Int {
        (found & each(0x80)).trailingZeroBitCount >> 3
    }

    /// How many from the first on stand in a JSON string for themselves: ASCII, no control, no quote, no backslash.
    @inline(__always)
    var plainCount: Int {
        let quotes = (bits ^ Self.each(UInt8(ascii: "\""))) &- Self.each(1)
        let escapes = (bits ^ Self.each(UInt8(ascii: "\\"))) &- Self.each(1)
        let controls = bits &- Self.each(0x20)
        return Self.countBefore(quotes | escapes | controls | bits)
    }

    /// Whether all are ASCII.
    @inline(__always)
    var areASCII: Bool { bits & Self.each(0x80) == 0 }

    /// How many from the first on are decimal digits.
    @inline(__always)
    var digitCount: Int {
        let values = bits ^ Self.each(UInt8(ascii: "0"))
        return Self.countBefore((values &+ Self.each(0x80 - 10)) | values)
    }

    /// The number that the first `count` write, which are digits; `count` is not 0.
    ///
    /// Digits to pairs, pairs to fours, fours to the whole, each in one multiplication. What is missing are zeros in front.
    @inline(__always)
    func decimal(_ count: Int) -> UInt64 {
        var value = (bits ^ Self.each(UInt8(ascii: "0"))) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        value = (value &* (10 << 8 | 1)) >> 8 & 0x00FF_00FF_00FF_00FF
        value = (value &* (100 << 16 | 1)) >> 16 & 0x0000_FFFF_0000_FFFF
        return (value &* (10_000 << 32 | 1)) >> 32
    }

    /// Without the byte at `position`: those behind it move up, and a zero comes last.
    @inline(__always)
    func leavingOut(_ position: Int) -> EightBytes {
        let behind: UInt64 = ~0 &<< UInt64(truncatingIfNeeded: 8 * position)
        return EightBytes(bits: bits & ~behind | bits >> 8 & behind)
    }

    /// The first `count` alone, zeros behind them.
    @inline(__always)
    func first(_ count: Int) -> UInt64 {
        count >= 8 ? bits : bits & ~(~0 &<< UInt64(truncatingIfNeeded: 8 &* count))
    }
}

extension UnsafePointer<UInt8> {
    /// Whether the `count` bytes from here on are those from `other` on.
    @inline(__always)
    func starts(withThoseAt other: UnsafePointer<UInt8>, count: Int) -> Bool {
        guard count >= 8 else {
            for offset in 0..<count where self[offset] != other[offset] { return false }
            return true
        }
        var offset = 0
        while offset < count - 8 {
            guard EightBytes(at: self + offset).bits == EightBytes(at: other + offset).bits else {
                return false
            }
            offset += 8
        }
        // The last eight, of which some may have been looked at.
        return EightBytes(at: self + count - 8).bits == EightBytes(at: other + count - 8).bits
    }
}

extension UnsafeBufferPointer<UInt8> {
    @inline(__always)
    package func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let base = baseAddress, let otherBase = other.baseAddress else { return true }
        return base.starts(withThoseAt: otherBase, count: count)
    }
}
