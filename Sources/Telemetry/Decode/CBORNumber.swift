/// A whole number of any size: its highest 64 bits, and what is known of the bits below, which is enough to round it to
/// the nearest double.
struct CBORNumber {
    private(set) var isNegative = false
    /// (`high` + what is below it) × 256^`dropped`. If anything is dropped, 57 bits or more are in use.
    private(set) var high: UInt64
    private(set) var dropped = 0
    private var droppedOnes = true
    private var droppedAny = false

    init(high: UInt64 = 0) { self.high = high }

    /// -1 - `argument`.
    init(negative argument: UInt64) { self = CBORNumber(high: argument).negated }

    /// Appends the next lower byte.
    mutating func append(_ byte: UInt8) {
        if dropped == 0, high >> 56 == 0 {
            high = high << 8 | UInt64(byte)
        } else {
            dropped += 1
            droppedOnes = droppedOnes && byte == 0xFF
            droppedAny = droppedAny || byte != 0
        }
    }

    /// -1 - n.
    var negated: CBORNumber {
        var number = self
        number.isNegative = true
        guard dropped == 0 || droppedOnes else {
            // One more does not reach what is kept, and what is dropped is not 0 after it.
            number.droppedAny = true
            return number
        }
        number.droppedAny = false
        if high == .max {
            number.high = 1 << 56
            number.dropped += 1
        } else {
            number.high += 1
        }
        return number
    }

    /// The bit below the last one of a double's stands for all that is dropped.
    private var kept: UInt64 { droppedAny ? high | 1 : high }

    var double: Double { double(timesTwoTo: 0) }

    func double(timesTwoTo exponent: Int) -> Double {
        Double(
            sign: isNegative ? .minus : .plus, exponent: exponent + 8 * dropped, significand: Double(kept))
    }

    /// Reads its digits as decimal text, so that it is to the last bit what the same number in JSON is.
    /// - Returns: nil if it is beyond a double.
    func double(timesTenTo exponent: Int) -> Double? {
        if dropped == 0, let magnitude = DecimalNumber(high, exponent).double {
            return isNegative ? -magnitude : magnitude
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { text -> Double? in
            var first = text.count
            func write(_ number: UInt64) {
                var rest = number
                repeat {
                    first -= 1
                    text[first] = UInt8(rest % 10) + UInt8(ascii: "0")
                    rest /= 10
                } while rest > 0
            }
            write(UInt64(exponent.magnitude))
            first -= 1
            text[first] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
            first -= 1
            text[first] = UInt8(ascii: "e")
            write(high)
            let digits = UnsafeBufferPointer(rebasing: text[first...])
            guard let whole = NumberScanner.parse(digits) else { return nil }
            return Double(sign: isNegative ? .minus : .plus, exponent: 8 * dropped, significand: whole)
        }
    }
}
