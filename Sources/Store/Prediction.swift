/// How each number of a run is foretold; what is left is stored. All arithmetic wraps around, so every run comes back.
enum Prediction: UInt8, CaseIterable {
    /// By the least of all.
    case level
    /// By the one before.
    case step
    /// By going on as between the two before: nothing is left of times at a regular cadence.
    case slope

    /// The one that leaves the fewest bits, and how many those are.
    static func best(for column: [Int64]) -> (prediction: Prediction, bits: Int) {
        guard column.count > 1, let least = column.min() else { return (.level, 0) }
        var bits = (level: width(UInt64(bitPattern: column[0] &- least)), step: 0, slope: 0)
        var before = column[0]
        var stepBefore: Int64?
        for number in column.dropFirst() {
            let step = number &- before
            bits.level += width(UInt64(bitPattern: number &- least))
            bits.step += width(zigzag(step))
            if let stepBefore { bits.slope += width(zigzag(step &- stepBefore)) }
            (before, stepBefore) = (number, step)
        }
        if bits.level <= bits.step, bits.level <= bits.slope { return (.level, bits.level) }
        return bits.step <= bits.slope || column.count == 2 ? (.step, bits.step) : (.slope, bits.slope)
    }

    /// What is left, with what a reader must know to begin: the first number (or the least), and the first step.
    func rest(of column: [Int64]) -> (seed: Int64, slope: Int64, rest: [UInt64]) {
        switch self {
        case .level:
            let least = column.min() ?? 0
            return (least, 0, column.map { UInt64(bitPattern: $0 &- least) })
        case .step: return (column[0], 0, Self.steps(column).map(Self.zigzag))
        case .slope:
            let steps = Self.steps(column)
            return (column[0], steps[0], Self.steps(steps).map(Self.zigzag))
        }
    }

    private static func steps(_ column: [Int64]) -> [Int64] {
        zip(column.dropFirst(), column).map { $0 &- $1 }
    }

    /// How many numbers are left of `count`.
    func restCount(of count: Int) -> Int { max(0, count - Int(rawValue)) }

    func column(seed: Int64, slope: Int64, rest: [UInt64]) -> [Int64] {
        switch self {
        case .level: return rest.map { seed &+ Int64(bitPattern: $0) }
        case .step:
            var number = seed
            return [seed]
                + rest.map {
                    number &+= Self.unzigzag($0)
                    return number
                }
        case .slope:
            var (number, step) = (seed &+ slope, slope)
            return [seed, number]
                + rest.map {
                    step &+= Self.unzigzag($0)
                    number &+= step
                    return number
                }
        }
    }

    private static func width(_ number: UInt64) -> Int { 64 - number.leadingZeroBitCount }

    private static func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: number << 1 ^ number >> 63) }

    private static func unzigzag(_ number: UInt64) -> Int64 {
        Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }
}
