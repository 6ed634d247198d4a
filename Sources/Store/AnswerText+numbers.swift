import Telemetry

extension AnswerText {
    mutating func add(_ number: Int64) {
        if number < 0 { add(byte: 45) }
        add(digitsOf: number.magnitude)
    }

    /// Eight digits at a time, which do not wait for each other.
    private mutating func add(digitsOf number: UInt64) {
        guard number < 100_000_000 else {
            let (before, last) = number.quotientAndRemainder(dividingBy: 100_000_000)
            add(digitsOf: before)
            let text = reserve(8)
            let (high, low) = last.quotientAndRemainder(dividingBy: 10_000)
            Self.two(high / 100, text)
            Self.two(high % 100, text + 2)
            Self.two(low / 100, text + 4)
            Self.two(low % 100, text + 6)
            return advance(8)
        }
        var length = 1
        var bound: UInt64 = 10
        while number >= bound {
            bound *= 10
            length += 1
        }
        let text = reserve(8)
        var rest = number
        for at in stride(from: length - 1, through: 0, by: -1) {
            text[at] = 48 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        advance(length)
    }

    /// The fewest digits that are read back as the same number; without a fraction of 0.
    /// - Parameter number: finite.
    mutating func add(_ number: Double) {
        if addDecimal(number) { return }
        add(described: number)
        if bytes[count - 1] == 48, bytes[count - 2] == 46 { advance(-2) }
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
            add(byte: 48)
            return true
        }
        let millionths = (size * 1e6).rounded()
        guard millionths / 1e6 == size else { return false }
        if number < 0 { add(byte: 45) }
        let (whole, fraction) = Int64(millionths).quotientAndRemainder(dividingBy: 1_000_000)
        add(whole)
        guard fraction > 0 else { return true }
        var rest = fraction
        var digits = 6
        while rest % 10 == 0 {
            rest /= 10
            digits -= 1
        }
        let text = reserve(7)
        text[0] = 46
        for at in stride(from: digits, to: 0, by: -1) {
            text[at] = 48 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        advance(digits + 1)
        return true
    }

    /// `01`, two digits.
    @inline(__always)
    private static func two(_ number: UInt64, _ text: UnsafeMutablePointer<UInt8>) {
        let (tens, ones) = number.quotientAndRemainder(dividingBy: 10)
        text[0] = 48 + UInt8(truncatingIfNeeded: tens)
        text[1] = 48 + UInt8(truncatingIfNeeded: ones)
    }

    /// `08:02:03` of a time taken as UTC, of which only the time of day counts.
    mutating func add(timeOfDay rest: Milliseconds) {
        let text = reserve(8)
        let second = UInt64(rest) / 1_000
        Self.two(second / 3_600, text)
        text[2] = 58
        Self.two(second / 60 % 60, text + 3)
        text[5] = 58
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

    mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
        guard let first = buffer.baseAddress else { return }
        (text + count).update(from: first, count: buffer.count)
        count += buffer.count
    }
}
