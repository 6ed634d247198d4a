/// Reads decimal numbers from bytes by the grammar of RFC 8259 section 6.
///
/// Up to 19 digits with an exponent of ±22 are converted exactly in one multiplication or division (Clinger 1990,
/// "How to read floating point numbers accurately"); the rare rest goes through the standard library.
package struct NumberScanner {
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The number that starts at `at`, which moves behind it; nil if there is none or it is beyond a double.
    @inline(__always)
    static func scan(_ bytes: UnsafePointer<UInt8>, _ at: inout Int, end: Int) -> Double? {
        let start = at
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        let negative = at < end && bytes[at] == UInt8(ascii: "-")
        if negative { at += 1 }
        guard at < end else { return nil }
        if bytes[at] == UInt8(ascii: "0") {
            at += 1
        } else {
            let first = at
            while at < end {
                let digit = bytes[at] &- 48
                guard digit < 10 else { break }
                if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) } else { exponent += 1 }
                digits += 1
                at += 1
            }
            guard at > first else { return nil }
        }
        if at < end, bytes[at] == UInt8(ascii: ".") {
            at += 1
            let first = at
            while at < end {
                let digit = bytes[at] &- 48
                guard digit < 10 else { break }
                if digits < 19 {
                    mantissa = mantissa &* 10 &+ UInt64(digit)
                    exponent -= 1
                    if mantissa != 0 { digits += 1 }
                }
                at += 1
            }
            guard at > first else { return nil }
        }
        if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
            guard let written = scanExponent(bytes, &at, end: end) else { return nil }
            exponent += written
        }
        if digits < 19, mantissa <= 1 << 53, (-22...22).contains(exponent) {
            let magnitude = powersOfTen.withUnsafeBufferPointer { powers in
                exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
            }
            return negative ? -magnitude : magnitude
        }
        return convertSlowly(bytes + start, count: at - start)
    }

    private static func scanExponent(_ bytes: UnsafePointer<UInt8>, _ at: inout Int, end: Int) -> Int? {
        at += 1
        guard at < end else { return nil }
        let negative = bytes[at] == UInt8(ascii: "-")
        if negative || bytes[at] == UInt8(ascii: "+") { at += 1 }
        let first = at
        var value = 0
        while at < end {
            let digit = bytes[at] &- 48
            guard digit < 10 else { break }
            value = min(value * 10 + Int(digit), 100_000)
            at += 1
        }
        guard at > first else { return nil }
        return negative ? -value : value
    }

    @inline(never)
    private static func convertSlowly(_ bytes: UnsafePointer<UInt8>, count: Int) -> Double? {
        let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The whole number that `text` writes in digits alone; nil if there is anything else, or it is beyond 64 bits.
    /// Unlike a double it is exact also beyond 2^53.
    static func whole(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in text {
            let digit = byte &- 48
            guard digit < 10 else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowToo) = tens.addingReportingOverflow(Int64(digit))
            guard !overflow, !overflowToo else { return nil }
            value = sum
        }
        return text.isEmpty ? nil : value
    }

    /// From here on doubles leave whole numbers out: 2^53 + 1 is read as 2^53.
    static let firstInexact = 9_007_199_254_740_992.0

    /// The number that is the whole of `text`, with `decimal` as its decimal mark; nil if there is anything else.
    package static func parse(_ text: UnsafeBufferPointer<UInt8>, decimal: UInt8 = UInt8(ascii: "."))
        -> Double?
    {
        guard let base = text.baseAddress else { return nil }
        // Beside another mark a point would be one of thousands: better refused than read as a thousandth.
        if decimal != UInt8(ascii: "."), text.contains(UInt8(ascii: ".")) { return nil }
        if decimal != UInt8(ascii: "."), text.contains(decimal) {
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { copy in
                for (index, byte) in text.enumerated() {
                    copy[index] = byte == decimal ? UInt8(ascii: ".") : byte
                }
                return parse(UnsafeBufferPointer(copy))
            }
        }
        var at = 0
        guard let value = scan(base, &at, end: text.count), at == text.count else { return nil }
        return value
    }
}
