/// Doubles as whole numbers: what a device measures has few digits, whatever was made of them on the way.
private struct Digits {
    /// What was made of a number of few digits.
    enum Making {
        /// Nothing: it is the double next to it.
        case plain
        /// It went through a single-precision float.
        case single
        /// It was multiplied, mostly from one unit to another.
        case multiple(of: Double)

        var factor: Double { if case .multiple(let factor) = self { factor } else { 1 } }

        func value(_ number: Int64, _ places: Int) -> Double {
            let decimal = Double(number) / powers[places]
            return switch self {
            case .plain: decimal
            case .single: Double(Float(decimal))
            case .multiple(let factor): decimal * factor
            }
        }

        /// nil if the value would not come back bit by bit.
        func number(_ value: Double, _ places: Int) -> Int64? {
            let scaled = (value / factor * powers[places]).rounded()
            guard abs(scaled) < bound else { return nil }
            // By way of the whole number, which knows no -0.
            let number = Int64(scaled)
            return self.value(number, places).bitPattern == value.bitPattern ? number : nil
        }
    }

    static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    /// All whole numbers below are exact in a double.
    private static let bound = Double(1 << 53)

    let making: Making
    private(set) var places = 0
    private(set) var numbers: [Int64] = []

    /// nil if not every value comes back.
    init?(_ values: [Double]) {
        if let found = Digits(values, .plain) ?? Digits(values, .single) {
            self = found
            return
        }
        for making in Self.multiples(values) {
            guard let found = Digits(values, making.0, from: making.places) else { continue }
            self = found
            return
        }
        return nil
    }

    private init?(_ values: [Double], _ making: Making, from places: Int = 0) {
        (self.making, self.places) = (making, places)
        for value in values {
            while making.number(value, self.places) == nil {
                self.places += 1
                if self.places == Self.powers.count { return nil }
            }
        }
        numbers.reserveCapacity(values.count)
        for value in values {
            // With more places a large one may not be exact any more.
            guard let number = making.number(value, self.places) else { return nil }
            numbers.append(number)
        }
    }

    /// Factors that may have been at work, with the places of the number before: two roundings are between it and a value.
    private static func multiples(_ values: [Double]) -> [(Making, places: Int)] {
        guard let largest = values.max(by: { abs($0) < abs($1) }), let step = commonStep(values, abs(largest))
        else { return [] }
        let count = (largest / step).rounded()
        return (0...3).flatMap { places -> [(Making, places: Int)] in
            let factor = largest / (count / powers[places])
            let near = [
                factor, factor.nextUp, factor.nextDown, factor.nextUp.nextUp, factor.nextDown.nextDown,
            ]
            return near.map { (.multiple(of: $0), places) }
        }
    }

    /// The greatest number of which all are multiples, up to rounding; nil if there is none worth it.
    private static func commonStep(_ values: [Double], _ largest: Double) -> Double? {
        guard largest.isFinite, largest > .leastNormalMagnitude else { return nil }
        var step = largest
        for value in values where value != 0 {
            var rest = abs(value)
            while rest > largest * 1e-9 { (step, rest) = (rest, abs(step.remainder(dividingBy: rest))) }
            // Whole numbers as large as that save little.
            guard step > largest / Double(1 << 20) else { return nil }
            // It divides the largest: so rounding does not add up from value to value.
            step = largest / (largest / step).rounded()
        }
        return step
    }
}

extension ColumnWriter {
    /// Shapes of values: from 0, 11 and 21 on with so many places as they are, from a float, and multiplied; 10 is bits.
    fileprivate static let (bits, single, multiple): (UInt64, UInt64, UInt64) = (10, 11, 21)

    mutating func append(_ values: [Double], _ kind: Kind, seeds: Field) {
        guard let digits = Digits(values) else {
            append(Self.bits, to: .shape)
            append(values[0].bitPattern, to: seeds)
            append(rest: zip(values, values.dropFirst()).map { $0.bitPattern ^ $1.bitPattern }, kind)
            return
        }
        switch digits.making {
        case .plain: append(UInt64(digits.places), to: .shape)
        case .single: append(Self.single + UInt64(digits.places), to: .shape)
        case .multiple(let factor):
            append(Self.multiple + UInt64(digits.places), to: .shape)
            append(factor.bitPattern, to: seeds)
        }
        append(digits.numbers, kind, seeds: seeds)
    }
}

extension ColumnReader {
    /// `count` values, at least one.
    mutating func takeValues(_ count: Int, _ kind: ColumnWriter.Kind, seeds: ColumnWriter.Field) -> [Double]?
    {
        let most = UInt64(Digits.powers.count)
        switch take(.shape) {
        case .some(let shape) where shape < most: return takeDigits(.plain, shape, count, kind, seeds)
        case .some(ColumnWriter.bits):
            guard var bits = take(seeds), let rest = takeRest(count - 1, kind) else { return nil }
            return [Double(bitPattern: bits)]
                + rest.map {
                    bits ^= $0
                    return Double(bitPattern: bits)
                }
        case .some(let shape) where shape < ColumnWriter.single + most:
            return takeDigits(.single, shape - ColumnWriter.single, count, kind, seeds)
        case .some(let shape) where (ColumnWriter.multiple..<ColumnWriter.multiple + most).contains(shape):
            guard let factor = take(seeds) else { return nil }
            let making = Digits.Making.multiple(of: Double(bitPattern: factor))
            return takeDigits(making, shape - ColumnWriter.multiple, count, kind, seeds)
        default: return nil
        }
    }

    private mutating func takeDigits(
        _ making: Digits.Making, _ places: UInt64, _ count: Int, _ kind: ColumnWriter.Kind,
        _ seeds: ColumnWriter.Field
    ) -> [Double]? {
        take(count, kind, seeds: seeds)?.map { making.value($0, Int(places)) }
    }
}
