import Telemetry

/// Columns of integers, run by run: how a run was predicted, and what is left of it beside others that need as many bits.
///
/// What looks alike lies together, which is what Zstandard's entropy stage wants: fewer than half the bytes of one row of
/// variable-length numbers. `ColumnReader` takes everything out again in the order it was put in.
struct ColumnWriter {
    /// Numbers of varying size: what must be known to read the columns.
    enum Field: Int, CaseIterable {
        case series, count, shape, time, second, value, weight, quality
    }
    /// What a column is of.
    enum Kind: Int, CaseIterable {
        case time, second, value, weight
    }

    private var fields = Array(repeating: [UInt8](), count: Field.allCases.count)
    /// By kind and number of bits.
    private var rests = Array(repeating: [UInt64](), count: Kind.allCases.count * 65)

    mutating func append(_ number: UInt64, to field: Field) {
        VariableInteger.append(number, to: &fields[field.rawValue])
    }

    mutating func append(signed number: Int64, to field: Field) {
        VariableInteger.append(signed: number, to: &fields[field.rawValue])
    }

    /// As many numbers as will be asked for again, at least one.
    mutating func append(_ column: [Int64], _ kind: Kind, seeds: Field) {
        let order = Prediction.best(for: column).prediction
        append(UInt64(order.rawValue), to: .shape)
        let (seed, slope, rest) = order.rest(of: column)
        append(signed: seed, to: seeds)
        if order == .slope { append(signed: slope, to: seeds) }
        append(rest: rest, kind)
    }

    /// - Parameter rest: what is left of a run of which the reader can say how long it is.
    mutating func append(rest: [UInt64], _ kind: Kind) {
        let bits = 64 - rest.reduce(0, |).leadingZeroBitCount
        append(UInt64(bits), to: .shape)
        if bits > 0 { rests[kind.rawValue * 65 + bits].append(contentsOf: rest) }
    }

    /// Which of its columns are not empty, then these: fields as they are, rests in planes of bytes, the lowest first.
    func bytes(level: Int32) -> [UInt8] {
        var columns: [[UInt8]] = []
        var list: [UInt8] = []
        for (index, field) in fields.enumerated() where !field.isEmpty {
            VariableInteger.append(UInt64(index), to: &list)
            columns.append(field)
        }
        for (index, rest) in rests.enumerated() where !rest.isEmpty {
            VariableInteger.append(UInt64(fields.count + index), to: &list)
            columns.append(Self.planes(rest, count: (index % 65 + 7) / 8))
        }
        var bytes: [UInt8] = []
        for column in [list] + columns { Compression.append(column, level: level, to: &bytes) }
        return bytes
    }

    private static func planes(_ numbers: [UInt64], count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: numbers.count * count) { bytes, written in
            for plane in 0..<count {
                for (index, number) in numbers.enumerated() {
                    bytes[plane * numbers.count + index] = UInt8(
                        truncatingIfNeeded: number >> UInt64(8 * plane))
                }
            }
            written = numbers.count * count
        }
    }
}
