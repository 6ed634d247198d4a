/// 128 bits of a message by which it is recognised when the broker sends it again.
///
/// Two lanes of folded 64 × 64 → 128 bit multiplications, 16 bytes a step, as in wyhash (Wang Yi, public domain): not
/// against an attacker, who could only make his own messages look alike.
package struct Fingerprint: BitwiseCopyable, Sendable, Equatable {
    package var high: UInt64
    package var low: UInt64

    private static let secrets: (UInt64, UInt64, UInt64, UInt64) = (
        0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3
    )

    package init(topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer) {
        var state = (Self.secrets.0 ^ UInt64(topic.count), Self.secrets.1 ^ UInt64(payload.count))
        Self.absorb(topic, &state)
        Self.absorb(payload, &state)
        high = Self.fold(state.0 ^ Self.secrets.2, state.1 ^ Self.secrets.3)
        low = Self.fold(state.1 ^ Self.secrets.0, state.0 ^ Self.secrets.1)
    }

    /// 64 bits of one run of bytes, for tables.
    package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = (secrets.0 ^ UInt64(bytes.count), secrets.1)
        absorb(bytes, &state)
        return fold(state.0 ^ secrets.2, state.1 ^ secrets.3)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func absorb(_ bytes: UnsafeRawBufferPointer, _ state: inout (UInt64, UInt64)) {
        var at = 0
        while at + 16 <= bytes.count {
            mix(
                bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self), &state)
            at += 16
        }
        var tail: (UInt64, UInt64) = (0, 0)
        for index in at..<bytes.count {
            let offset = index - at
            if offset < 8 {
                tail.0 |= UInt64(bytes[index]) << UInt64(8 * offset)
            } else {
                tail.1 |= UInt64(bytes[index]) << UInt64(8 * (offset - 8))
            }
        }
        mix(tail.0, tail.1 ^ UInt64(bytes.count - at) << 56, &state)
    }

    @inline(__always)
    private static func mix(_ first: UInt64, _ second: UInt64, _ state: inout (UInt64, UInt64)) {
        state.0 = fold(first ^ secrets.1, second ^ state.0) &+ secrets.2
        state.1 = fold(second ^ secrets.3, first ^ state.1) &+ secrets.0
    }
}
