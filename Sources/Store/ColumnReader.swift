import Telemetry

/// Takes out of `ColumnWriter.bytes` what was put in, in the same order. Everything is nil of bytes that are damaged.
struct ColumnReader {
    private struct Rest {
        var bytes: [UInt8] = []
        var count = 0
        var next = 0
    }

    private var fields = Array(repeating: [UInt8](), count: ColumnWriter.Field.allCases.count)
    private var places = Array(repeating: 0, count: ColumnWriter.Field.allCases.count)
    private var rests = Array(repeating: Rest(), count: ColumnWriter.Kind.allCases.count * 65)

    init?(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        var at = 0
        var next = 0
        guard let list = Compression.take(bytes, &at) else { return nil }
        while next < list.count {
            guard let index = VariableInteger.take(list, &next), index < UInt64(fields.count + rests.count),
                let column = Compression.take(bytes, &at)
            else { return nil }
            put(column, at: Int(index))
        }
        guard at == bytes.count else { return nil }
    }

    private mutating func put(_ column: [UInt8], at index: Int) {
        guard index >= fields.count else { return fields[index] = column }
        let planes = max(1, ((index - fields.count) % 65 + 7) / 8)
        rests[index - fields.count] = Rest(bytes: column, count: column.count / planes)
    }

    mutating func take(_ field: ColumnWriter.Field) -> UInt64? {
        VariableInteger.take(fields[field.rawValue], &places[field.rawValue])
    }

    mutating func takeSigned(_ field: ColumnWriter.Field) -> Int64? {
        VariableInteger.takeSigned(fields[field.rawValue], &places[field.rawValue])
    }

    /// Whether the numbers of a field are all taken.
    func isEmpty(_ field: ColumnWriter.Field) -> Bool {
        places[field.rawValue] == fields[field.rawValue].count
    }

    /// A column of `count` numbers, at least one.
    mutating func take(_ count: Int, _ kind: ColumnWriter.Kind, seeds: ColumnWriter.Field) -> [Int64]? {
        guard let order = take(.shape).flatMap({ Prediction(rawValue: UInt8(truncatingIfNeeded: $0)) }),
            let seed = takeSigned(seeds),
            let slope = order == .slope ? takeSigned(seeds) : 0,
            let rest = takeRest(order.restCount(of: count), kind)
        else { return nil }
        let column = order.column(seed: seed, slope: slope, rest: rest)
        return column.count == count ? column : nil
    }

    mutating func takeRest(_ count: Int, _ kind: ColumnWriter.Kind) -> [UInt64]? {
        guard let bits = take(.shape), bits <= 64 else { return nil }
        guard bits > 0 else { return Array(repeating: 0, count: count) }
        let place = kind.rawValue * 65 + Int(bits)
        let planes = (Int(bits) + 7) / 8
        let (first, total) = (rests[place].next, rests[place].count)
        guard count <= total - first else { return nil }
        rests[place].next += count
        return rests[place].bytes.withUnsafeBufferPointer { bytes in
            (first..<first + count).map { index in
                var number: UInt64 = 0
                for plane in 0..<planes {
                    number |= UInt64(bytes[plane * total + index]) << UInt64(8 * plane)
                }
                return number
            }
        }
    }
}
