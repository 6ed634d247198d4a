/// Where the next byte of a block goes. Whoever writes has made room for the most it can be: an array that grows asks at every
/// byte whether it is shared and has room, which was most of the cost of a block.
struct BlockCursor {
    private(set) var next: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) { next = start }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        next.pointee = byte
        next += 1
    }

    /// As `VariableInteger`: ten bytes at most.
    @inline(__always)
    mutating func put(variable value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            put(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        put(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    mutating func put(signed value: Int64) {
        put(variable: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// All bytes of `value`, little-endian.
    @inline(__always)
    mutating func put(fixed value: some FixedWidthInteger & BitwiseCopyable) {
        UnsafeMutableRawPointer(next).storeBytes(of: value.littleEndian, as: type(of: value))
        next += MemoryLayout.size(ofValue: value)
    }

    @inline(__always)
    mutating func skip(_ count: Int) { next += count }
}
