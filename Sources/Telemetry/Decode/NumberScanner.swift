/// Reads decimal numbers from bytes by the grammar of RFC 8259 section 6.
///
/// Up to 19 digits with an exponent of ±19 are converted exactly without allocating; most of them in one multiplication or
/// division (Clinger 1990, "How to read floating point numbers accurately"). The rare rest goes through the standard library.
package struct NumberScanner {
    /// The number that starts at `at`, which moves behind it; nil if there is none or it is beyond a double.
    @inline(__always)
    static func scan(_ bytes: UnsafePointer<UInt8>, _ at: inout Int, end: Int) -> Double? {
        scanShort(bytes, &at, end: end) ?? scanAny(bytes, &at, end: end)
    }

    /// A number as most are, of which at most eight bytes are looked at: a few digits, perhaps a point among them.
    /// - Returns: nil if it is another, and then `at` stays.
    @inline(__always)
    private static func scanShort(_ bytes: UnsafePointer<UInt8>, _ at: inout Int, end: Int) -> Double? {
        guard end - at > 8 else { return nil }
        let negative = bytes[at] == UInt8(ascii: "-")
        let first = negative ? at + 1 : at
        var digits = EightBytes(at: bytes + first)
        let whole = digits.digitCount
        guard whole > 0, whole < 7, whole == 1 || bytes[first] != UInt8(ascii: "0") else { return nil }
        var place = first + whole
        var fraction = 0
        if bytes[place] == UInt8(ascii: ".") {
            digits = digits.leavingOut(whole)
            fraction = digits.digitCount - whole
            place += 1 + fraction
            guard fraction > 0, place < first + 8 else { return nil }
        }
        guard bytes[place] | 0x20 != UInt8(ascii: "e") else { return nil }
        at = place
        let magnitude = DecimalNumber(digits.decimal(whole + fraction), -fraction).short
        return negative ? -magnitude : magnitude
    }

    @inline(never)
    private static func scanAny(_ bytes: UnsafePointer<UInt8>, _ at: inout Int, end: Int) -> Double? {
        let start = at
        var place = at
        defer { at = place }
        let negative = place < end && bytes[place] == UInt8(ascii: "-")
        if negative { place += 1 }
        let first = place
        var mantissa: UInt64 = 0
        scanDigits(bytes, &place, end: end, &mantissa)
        guard place > first else { return nil }
        // No other digit stands behind a leading zero.
        if bytes[first] == UInt8(ascii: "0"), place > first + 1 {
            place = first + 1
            return negative ? -0.0 : 0
        }
        var digits = place - first
        var exponent = 0
        if place < end, bytes[place] == UInt8(ascii: ".") {
            place += 1
            let first = place
            scanDigits(bytes, &place, end: end, &mantissa)
            guard place > first else { return nil }
            exponent = first - place
            digits -= exponent
        }
        if place < end, bytes[place] | 0x20 == UInt8(ascii: "e") {
            guard let written = scanExponent(bytes, &place, end: end) else { return nil }
            exponent += written
        }
        // More digits have run over.
        if digits <= 19, let magnitude = DecimalNumber(mantissa, exponent).double {
            return negative ? -magnitude : magnitude
        }
        return convertSlowly(bytes + start, count: place - start)
    }

    /// Appends the digits at `at` to `mantissa`.
    @inline(__always)
    private static func scanDigits(
        _ bytes: UnsafePointer<UInt8>, _ at: inout Int, end: Int, _ mantissa: inout UInt64
    ) {
        while end - at >= 8 {
            let eight = EightBytes(at: bytes + at)
            let count = eight.digitCount
            if count == 0 { return }
            mantissa = mantissa &* DecimalNumber.power(count) &+ eight.decimal(count)
            at += count
            if count < 8 { return }
        }
        while at < end {
            let digit = bytes[at] &- 48
            guard digit < 10 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            at += 1
        }
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
