import Telemetry

extension AnswerText {
    mutating func add(_ number: Int64) {
        if number < 0 { add(byte: UInt8(ascii: "-")) }
        add(digitsOf: number.magnitude)
    }

    private mutating func add(digitsOf number: UInt64) {
        guard number >= 100_000_000 else {
            // Without the zeros in front, but with the only digit of 0.
            let zeros = min(7, Self.digits(number).trailingZeroBitCount / 8)
            return add(ascii: Self.digits(number) >> UInt64(8 * zeros), count: 8 - zeros)
        }
        let (before, last) = number.quotientAndRemainder(dividingBy: 100_000_000)
        add(digitsOf: before)
        add(ascii: Self.digits(last), count: 8)
    }

    /// The first `count` of eight digits.
    @inline(__always)
    private mutating func add(ascii digits: UInt64, count: Int) {
        let text = UnsafeMutableRawPointer(reserve(8))
        text.storeBytes(of: (digits | 0x3030_3030_3030_3030).littleEndian, as: UInt64.self)
        advance(count)
    }

    /// The eight digits of a number, with zeros in front, the first in the lowest byte: parted into fours, pairs and digits, all of
    /// them at once. The factors are 100 and 10 turned over, exact as far as four and two digits go.
    @inline(__always)
    private static func digits(_ number: UInt64) -> UInt64 {
        let fours = number / 10_000 | (number % 10_000) << 32
        let hundreds = (fours &* 10_486) >> 20 & 0x0000_007F_0000_007F
        let pairs = hundreds | (fours &- 100 &* hundreds) << 16
        let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
        return tens | (pairs &- 10 &* tens) << 8
    }

    /// The fewest digits that are read back as the same number; without a fraction of 0.
    /// - Parameter number: finite.
    mutating func add(_ number: Double) {
        if addDecimal(number) { return }
        add(described: number)
        if bytes[count - 1] == UInt8(ascii: "0"), bytes[count - 2] == UInt8(ascii: ".") { advance(-2) }
    }

    /// As the library writes it: `5.0`, `1e-05`.
    mutating func add(described number: Double) {
        var digits = Digits(text: reserve(32))
        number.write(to: &digits)
        advance(digits.count)
    }

    /// Nearly all that sensors say has at most six decimals. A number of at most fifteen digits is told from every other such by
    /// its double, so the digits that give the double back, without zeros behind, are the fewest.
    /// - Returns: false if nothing was written.
    private mutating func addDecimal(_ number: Double) -> Bool {
        let size = number.magnitude
        guard size >= 0.001, size < 1e9 else {
            // Not -0, which is written with its sign.
            guard number == 0, number.sign == .plus else { return false }
            add(byte: UInt8(ascii: "0"))
            return true
        }
        let millionths = UInt64(size * 1e6 + 0.5)
        guard Double(millionths) / 1e6 == size else { return false }
        if number < 0 { add(byte: UInt8(ascii: "-")) }
        let (whole, fraction) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
        add(digitsOf: whole)
        guard fraction > 0 else { return true }
        add(byte: UInt8(ascii: "."))
        let digits = Self.digits(fraction * 100)
        add(ascii: digits, count: 8 - digits.leadingZeroBitCount / 8)
        return true
    }

    /// `01`, two digits.
    @inline(__always)
    private static func two(_ number: UInt64, _ text: UnsafeMutablePointer<UInt8>) {
        let (tens, ones) = number.quotientAndRemainder(dividingBy: 10)
        text[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: tens)
        text[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: ones)
    }

    /// `08:02:03` of a time taken as UTC, of which only the time of day counts.
    mutating func add(timeOfDay rest: Milliseconds) {
        let text = reserve(8)
        let second = UInt64(rest) / 1_000
        Self.two(second / 3_600, text)
        text[2] = UInt8(ascii: ":")
        Self.two(second / 60 % 60, text + 3)
        text[5] = UInt8(ascii: ":")
        Self.two(second % 60, text + 6)
        advance(8)
    }
}

/// Takes what the library writes of a number, without a string between.
private struct Digits: TextOutputStream {
    /// Room for the 24 bytes that a number has at most.
    let text: UnsafeMutablePointer<UInt8>
    var count = 0

    mutating func write(_ string: String) {
        var string = string
        string.withUTF8 { _writeASCII($0) }
    }

    /// `TextOutputStream` sends digits here; without it they go through a String.
    mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
        guard let first = buffer.baseAddress else { return }
        (text + count).update(from: first, count: buffer.count)
        count += buffer.count
    }
}
