/// Text written straight into bytes: a reused buffer costs no allocation, a `String` per number would.
extension [UInt8] {
    mutating func append(text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        appendDigits(number.magnitude, atLeast: 1)
    }

    /// `mantissa` / 10^`decimals`, without trailing zeros, as a decoder reads it back to the last bit.
    mutating func append(mantissa: Int64, decimals: Int, mark: UInt8 = UInt8(ascii: ".")) {
        if mantissa < 0 { append(UInt8(ascii: "-")) }
        var digits = mantissa.magnitude
        var places = decimals
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        guard places > 0 else { return appendDigits(digits, atLeast: 1) }
        let power = UInt64(PowersOfTen.whole(places))
        appendDigits(digits / power, atLeast: 1)
        append(mark)
        appendDigits(digits % power, atLeast: places)
    }

    /// Decimal digits with zeros in front up to `count`.
    mutating func appendDigits(_ number: UInt64, atLeast count: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number
            var at = 20
            repeat {
                at -= 1
                digits[at] = UInt8(truncatingIfNeeded: rest % 10) + UInt8(ascii: "0")
                rest /= 10
            } while rest > 0 || 20 - at < count
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[at..<20]))
        }
    }

    /// Text between quotes as JSON has it (RFC 8259 section 7).
    mutating func append(quoted text: some Sequence<UInt8>) {
        append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0..<0x20:
                append(text: "\\u00")
                append(Self.hexadecimal(byte >> 4))
                append(Self.hexadecimal(byte & 15))
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a")
    }
}

enum PowersOfTen {
    private static let whole: [Int64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    ]

    static func whole(_ exponent: Int) -> Int64 { whole[exponent] }
}
