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

        /// The number, and by how many doubles the value is beside what is made of it; nil if by more than `most`.
        func number(_ value: Double, _ places: Int, _ most: UInt64) -> (Int64, beside: Int64)? {
            let scaled = (value / factor * powers[places]).rounded()
            guard abs(scaled) < bound else { return nil }
            // By way of the whole number, which knows no -0.
            let number = Int64(scaled)
            let made = Int64(bitPattern: self.value(number, places).bitPattern)
            let beside = Int64(bitPattern: value.bitPattern) &- made
            return beside.magnitude <= most ? (number, beside) : nil
        }
    }

    static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    /// All whole numbers below are exact in a double.
    private static let bound = Double(1 << 53)
    /// Where something was added after multiplying: ten bits, where a double has 64.
    private static let mostBeside: UInt64 = 1 << 10

    let making: Making
    private(set) var places: Int
    private(set) var numbers: [Int64] = []
    /// Empty where every value is what is made of its number.
    private(set) var beside: [Int64] = []

    /// nil if not every value comes back bit by bit.
    init?(_ values: [Double]) {
        var found = Digits(values, .plain, 0, within: 0) ?? Digits(values, .single, 0, within: 0)
        let multiples = found == nil ? Self.multiples(values) : []
        let tries = [0, Self.mostBeside].flatMap { most in
            (most == 0 ? [] : [(.plain, 0, most)]) + multiples.map { ($0, $1, most) }
        }
        for (making, places, most) in tries where found == nil {
            found = Digits(values, making, places, within: most)
        }
        guard let found else { return nil }
        self = found
    }

    private init?(_ values: [Double], _ making: Making, _ least: Int, within most: UInt64) {
        (self.making, places) = (making, least)
        for value in values {
            while making.number(value, places, most) == nil {
                places += 1
                if places == Self.powers.count { return nil }
            }
        }
        numbers.reserveCapacity(values.count)
        for value in values {
            // With more places a large one may be out of bounds.
            guard let (number, off) = making.number(value, places, most) else { return nil }
            numbers.append(number)
            if most > 0 { beside.append(off) }
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
    /// Shapes of values: from 0, 11 and 21 on with so many places as they are, from a float, and multiplied; 10 is bits. With 40
    /// more it is said how far they are beside that.
    fileprivate static let (bits, single, multiple, beside): (UInt64, UInt64, UInt64, UInt64) = (
        10, 11, 21, 40
    )

    mutating func append(_ values: [Double], _ kind: Kind, seeds: Field) {
        guard let digits = Digits(values) else {
            append(Self.bits, to: .shape)
            append(values[0].bitPattern, to: seeds)
            append(rest: zip(values, values.dropFirst()).map { $0.bitPattern ^ $1.bitPattern }, kind)
            return
        }
        let places = UInt64(digits.places) + (digits.beside.isEmpty ? 0 : Self.beside)
        switch digits.making {
        case .plain: append(places, to: .shape)
        case .single: append(Self.single + places, to: .shape)
        case .multiple(let factor):
            append(Self.multiple + places, to: .shape)
            append(factor.bitPattern, to: seeds)
        }
        append(digits.numbers, kind, seeds: seeds)
        if !digits.beside.isEmpty { append(digits.beside, kind, seeds: seeds) }
    }
}

extension ColumnReader {
    /// `count` values, at least one.
    mutating func takeValues(_ count: Int, _ kind: ColumnWriter.Kind, seeds: ColumnWriter.Field) -> [Double]?
    {
        guard let shape = take(.shape) else { return nil }
        if shape == ColumnWriter.bits { return takeBits(count, kind, seeds: seeds) }
        let isBeside = shape >= ColumnWriter.beside
        var places = isBeside ? shape - ColumnWriter.beside : shape
        var making = Digits.Making.plain
        if places >= ColumnWriter.multiple {
            guard let factor = take(seeds) else { return nil }
            places -= ColumnWriter.multiple
            making = .multiple(of: Double(bitPattern: factor))
        } else if places >= ColumnWriter.single {
            places -= ColumnWriter.single
            making = .single
        }
        guard places < UInt64(Digits.powers.count), let numbers = take(count, kind, seeds: seeds) else {
            return nil
        }
        let values = numbers.map { making.value($0, Int(places)) }
        guard isBeside else { return values }
        guard let beside = take(count, kind, seeds: seeds) else { return nil }
        return zip(values, beside).map {
            Double(bitPattern: UInt64(bitPattern: Int64(bitPattern: $0.bitPattern) &+ $1))
        }
    }

    private mutating func takeBits(_ count: Int, _ kind: ColumnWriter.Kind, seeds: ColumnWriter.Field)
        -> [Double]?
    {
        guard var bits = take(seeds), let rest = takeRest(count - 1, kind) else { return nil }
        return [Double(bitPattern: bits)]
            + rest.map {
                bits ^= $0
                return Double(bitPattern: bits)
            }
    }
}
