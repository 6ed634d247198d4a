import Foundation
import Telemetry

/// The numbers a field can carry: whole multiples of 10^-decimals, as an instrument with so many digits sends them.
///
/// A number on the wire is its mantissa, so that the writer and the decoder cannot disagree about a digit.
struct WireNumber {
    let decimals: Int
    private let power: Double
    private let scale: Double
    private let offset: Double
    /// Mantissas whose values are inside `valid`.
    let bounds: ClosedRange<Int64>
    /// Distance of two mantissas: 5 where an instrument sends halves.
    private let step: Int64

    /// - Parameter span: how large the values are that will be written.
    init(scale: Double, offset: Double, valid: ClosedRange<Double>?, span: Double, isWhole: Bool) {
        self.scale = scale
        self.offset = offset
        decimals = Self.decimals(scale: scale, offset: offset, span: span, isWhole: isWhole)
        power = Double(PowersOfTen.whole(decimals))
        step = 1
        bounds = Self.bounds(valid, scale: scale, offset: offset, power: power)
    }

    /// What a part of a Cayenne value can carry: its resolution, in so many bytes.
    init(
        _ type: CayenneLPPType, part: Int, scale: Double, offset: Double, valid: ClosedRange<Double>?
    ) {
        let divisor = type.divisor(ofPart: part)
        let decimals =
            (0...6).first { Double(PowersOfTen.whole($0)).remainder(dividingBy: divisor) == 0 } ?? 6
        let step = PowersOfTen.whole(decimals) / Int64(divisor)
        self.decimals = decimals
        self.step = step
        self.scale = scale
        self.offset = offset
        power = Double(PowersOfTen.whole(decimals))
        let carried = type.range.lowerBound * step...type.range.upperBound * step
        let wanted = Self.bounds(valid, scale: scale, offset: offset, power: power).clamped(to: carried)
        let low = -(-wanted.lowerBound).floorDivided(by: step).quotient * step
        bounds = low...max(low, wanted.upperBound.floorDivided(by: step).quotient * step)
    }

    /// A count of things.
    static let count = WireNumber(scale: 1, offset: 0, valid: nil, span: 1, isWhole: true)

    /// The value in the measurement's unit, computed as the decoder does.
    func value(_ mantissa: Int64) -> Double { raw(mantissa) * scale + offset }

    /// The number on the wire.
    func raw(_ mantissa: Int64) -> Double { Double(mantissa) / power }

    /// The nearest that can be written.
    func mantissa(_ value: Double) -> Int64 { mantissa(ofRaw: (value - offset) / scale) }

    /// The nearest to a number as it stands on the wire.
    func mantissa(ofRaw raw: Double) -> Int64 {
        let wanted = (raw * power / Double(step)).rounded() * Double(step)
        return Int64(min(max(wanted, Double(bounds.lowerBound)), Double(bounds.upperBound)))
    }

    /// Four significant digits; a field with a scale has one because it is sent in whole steps.
    private static func decimals(scale: Double, offset: Double, span: Double, isWhole: Bool) -> Int {
        let raw = abs((span - offset) / scale)
        func isInteger(_ number: Double) -> Bool {
            abs(number - number.rounded()) < 1e-9 * max(1, abs(number))
        }
        if isWhole { return isInteger(1 / scale) && isInteger(offset / scale) ? 0 : 6 }
        if scale != 1, raw >= 20 { return 0 }
        guard raw > 0 else { return 2 }
        return min(max(3 - Int(log10(raw).rounded(.down)), 0), 6)
    }

    /// Beyond 2^53 a double skips whole numbers.
    private static let widest: Int64 = 1 << 53

    private static func bounds(_ valid: ClosedRange<Double>?, scale: Double, offset: Double, power: Double)
        -> ClosedRange<Int64>
    {
        guard let valid else { return -widest...widest }
        func edge(_ value: Double) -> Int64 {
            Int64(min(max(((value - offset) / scale * power).rounded(), -Double(widest)), Double(widest)))
        }
        var (low, high) = (edge(valid.lowerBound), edge(valid.upperBound))
        if low > high { swap(&low, &high) }
        // Rounding may have stepped over an edge.
        func isInside(_ mantissa: Int64) -> Bool { valid.contains(Double(mantissa) / power * scale + offset) }
        while low < high, !isInside(low) { low += 1 }
        while low < high, !isInside(high) { high -= 1 }
        return low...high
    }
}
