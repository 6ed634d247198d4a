import Testing

@testable import Telemetry

/// A generator whose numbers are the same in every run.
private struct Made {
    private var state: UInt64 = 42

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    /// Bytes that stand on both sides of every border.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let borders: [UInt8] = [
            0, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x2F, 0x30, 0x39, 0x3A, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xFF,
        ]
        return (0..<count).map { _ in next(2) == 0 ? borders[next(borders.count)] : UInt8(next(256)) }
    }
}

@Suite("Eight bytes at once say what they say one by one")
struct EightBytesTests {
    private func each(_ check: (EightBytes, [UInt8], inout Made) -> Void) {
        var made = Made()
        for _ in 0..<50_000 {
            let bytes = made.bytes(8)
            bytes.withUnsafeBufferPointer { check(EightBytes(at: $0.baseAddress!), bytes, &made) }
        }
    }

    @Test("how many stand in a JSON string for themselves")
    func plain() {
        each { eight, bytes, _ in
            let count = bytes.prefix { $0 >= 0x20 && $0 < 0x80 && $0 != 0x22 && $0 != 0x5C }.count
            #expect(eight.plainCount == count, "\(bytes)")
        }
    }

    @Test("how many are digits, and the number they write")
    func digits() {
        each { eight, bytes, made in
            #expect(eight.digitCount == bytes.prefix { (48...57).contains($0) }.count, "\(bytes)")
            let number = made.next(100_000_000)
            let written = Array(String(number).utf8)
            (written + bytes).withUnsafeBufferPointer {
                #expect(EightBytes(at: $0.baseAddress!).decimal(written.count) == UInt64(number))
            }
        }
    }

    @Test("which are first, and what is left without one of them")
    func parts() {
        each { eight, bytes, made in
            let count = made.next(9)
            let first = bytes.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(eight.first(count) == first)
            let position = made.next(8)
            var left = bytes
            left.remove(at: position)
            let bits = left.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(eight.leavingOut(position).bits == bits)
            #expect(eight.areASCII == bytes.allSatisfy { $0 < 0x80 })
        }
    }

    @Test("runs of any length are the same if every byte is")
    func sameness() {
        var made = Made()
        for _ in 0..<20_000 {
            let one = made.bytes(made.next(30))
            var other = one
            #expect(
                one.withUnsafeBufferPointer { one in other.withUnsafeBufferPointer { one.isSame(as: $0) } })
            guard !other.isEmpty else { continue }
            other[made.next(other.count)] ^= UInt8(1 << made.next(8))
            #expect(
                !one.withUnsafeBufferPointer { one in other.withUnsafeBufferPointer { one.isSame(as: $0) } })
        }
    }
}
