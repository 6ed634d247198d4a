/// Doubles that are short decimals, as whole numbers of a power of ten: gauges show a few digits, and nothing between them.
private struct Decimals {
    static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    /// All of them are exact in a double.
    private static let bound = Double(1 << 53)

    var places = 0
    var numbers: [Int64] = []

    /// nil if not every value comes back bit by bit.
    init?(_ values: [Double]) {
        for value in values {
            while Self.number(value, places) == nil {
                places += 1
                if places == Self.powers.count { return nil }
            }
        }
        numbers.reserveCapacity(values.count)
        for value in values {
            // With more places a large one may not be exact any more.
            guard let number = Self.number(value, places) else { return nil }
            numbers.append(number)
        }
    }

    private static func number(_ value: Double, _ places: Int) -> Int64? {
        let scaled = (value * powers[places]).rounded()
        guard abs(scaled) < bound else { return nil }
        let number = Int64(scaled)
        // By way of the whole number, which knows no -0.
        return (Double(number) / powers[places]).bitPattern == value.bitPattern ? number : nil
    }
}

extension ColumnWriter {
    private static let bits = UInt64(Decimals.powers.count)

    /// Number of places, or one more than there may be: then bits, each run with the differing ones of the value before.
    mutating func append(_ values: [Double], _ kind: Kind, seeds: Field) {
        if let decimals = Decimals(values) {
            append(UInt64(decimals.places), to: .shape)
            append(decimals.numbers, kind, seeds: seeds)
        } else {
            append(Self.bits, to: .shape)
            append(values[0].bitPattern, to: seeds)
            append(
                rest: (1..<values.count).map { values[$0].bitPattern ^ values[$0 - 1].bitPattern }, kind)
        }
    }
}

extension ColumnReader {
    /// `count` values, at least one.
    mutating func takeValues(_ count: Int, _ kind: ColumnWriter.Kind, seeds: ColumnWriter.Field) -> [Double]? {
        guard let places = take(.shape) else { return nil }
        if places < UInt64(Decimals.powers.count) {
            let power = Decimals.powers[Int(places)]
            return take(count, kind, seeds: seeds)?.map { Double($0) / power }
        }
        guard var bits = take(seeds), let rest = takeRest(count - 1, kind) else { return nil }
        return [Double(bitPattern: bits)]
            + rest.map {
                bits ^= $0
                return Double(bitPattern: bits)
            }
    }
}
