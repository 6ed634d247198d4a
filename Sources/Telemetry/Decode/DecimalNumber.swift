/// A mantissa times a power of ten, as text and decimal fractions write numbers.
struct DecimalNumber {
    let mantissa: UInt64
    let exponent: Int

    @inline(__always)
    init(_ mantissa: UInt64, _ exponent: Int) {
        self.mantissa = mantissa
        self.exponent = exponent
    }

    /// All that are exact as doubles.
    private static let exactPowers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// All that 64 bits hold.
    private static let wholePowers: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
        10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
        1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
        10_000_000_000_000_000_000,
    ]

    /// - Parameter exponent: 0 to 19.
    @inline(__always)
    static func power(_ exponent: Int) -> UInt64 { wholePowers[exponent] }

    /// The nearest double; nil if 128 bits are not enough to tell.
    @inline(__always)
    var double: Double? {
        // Both are exact as doubles, so that their quotient or product is rounded once, and right (Clinger 1990).
        if mantissa <= 1 << 53, exponent.magnitude < UInt(Self.exactPowers.count) {
            return exponent < 0
                ? Double(mantissa) / Self.exactPowers[-exponent]
                : Double(mantissa) * Self.exactPowers[exponent]
        }
        return wide
    }

    /// The nearest double, where it is known that both are exact as doubles and the exponent is not positive.
    @inline(__always)
    var short: Double {
        let whole = Double(Int64(bitPattern: mantissa))
        return exponent == 0 ? whole : whole / Self.exactPowers[-exponent]
    }

    /// Doubles are often written with 17 digits, which is more than they hold.
    @inline(never)
    private var wide: Double? {
        if mantissa == 0 { return 0 }
        guard exponent.magnitude < UInt(Self.wholePowers.count) else { return nil }
        return exponent < 0 ? quotient(Self.wholePowers[-exponent]) : product(Self.wholePowers[exponent])
    }

    private func product(_ power: UInt64) -> Double {
        let (high, low) = mantissa.multipliedFullWidth(by: power)
        guard high > 0 else { return Double(low) }
        let shift = high.leadingZeroBitCount
        return Self.round(high << shift | low >> (64 - shift), hasMore: low << shift != 0, power: 64 - shift)
    }

    private func quotient(_ power: UInt64) -> Double {
        let (up, down) = (mantissa.leadingZeroBitCount, power.leadingZeroBitCount)
        // The highest bit of the divisor is set and that of the dividend is not: 63 bits or 64 come out.
        let high = mantissa << up
        let (quotient, remainder) = (power << down).dividingFullWidth((high >> 1, high << 63))
        return Self.round(quotient, hasMore: remainder != 0, power: down - up - 63)
    }

    /// `bits`, of which there are 63 at least, times a power of two. The lowest is far below the last that a double keeps,
    /// so it can stand for all that is left out.
    private static func round(_ bits: UInt64, hasMore: Bool, power: Int) -> Double {
        Double(sign: .plus, exponent: power, significand: Double(hasMore ? bits | 1 : bits))
    }
}
