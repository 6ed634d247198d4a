/// Quantiles of a window within 1 %, mergeable in any order.
///
/// Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees" (VLDB 2019),
/// with the linearly interpolated logarithm of the reference implementation, which needs no math library.
package struct QuantileSketch: Sendable, Equatable {
    package static let relativeError = 0.01
    /// γ = (1 + α) / (1 − α); interpolation costs a factor of ln 2 in bins.
    private static let binsPerOctave = 1 / (2 * relativeError) * 1.02

    /// Bin index and count, ascending by index. Values of 0 are bin `zero`; negative ones mirror the positive.
    private(set) var bins: [(index: Int32, count: UInt32)] = []
    package private(set) var count: UInt64 = 0

    private static let zero: Int32 = 0
    /// Keeps indices of positive values positive down to 2^-64.
    private static let shift = 64.0
    private static let smallest = 0x1p-64

    package init() {}

    package static func == (left: QuantileSketch, right: QuantileSketch) -> Bool {
        left.count == right.count && left.bins.elementsEqual(right.bins, by: ==)
    }

    package mutating func add(_ value: Double) {
        insert(Self.index(value), 1)
    }

    package mutating func merge(_ other: QuantileSketch) {
        for bin in other.bins { insert(bin.index, bin.count) }
    }

    /// The value below which a share of `quantile` of the readings lies; nil if there are none.
    package func value(at quantile: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = UInt64((quantile * Double(count - 1)).rounded(.down))
        var passed: UInt64 = 0
        for bin in bins {
            passed += UInt64(bin.count)
            if passed > rank { return Self.representative(bin.index) }
        }
        return nil
    }

    private mutating func insert(_ index: Int32, _ more: UInt32) {
        count += UInt64(more)
        var low = 0
        var high = bins.count
        while low < high {
            let middle = (low + high) / 2
            if bins[middle].index < index { low = middle + 1 } else { high = middle }
        }
        if low < bins.count, bins[low].index == index {
            bins[low].count += more
        } else {
            bins.insert((index, more), at: low)
        }
    }

    private static func index(_ value: Double) -> Int32 {
        let magnitude = abs(value)
        guard magnitude >= smallest else { return zero }
        let logarithm = Double(magnitude.exponent) + (magnitude.significand - 1)
        let index = Int32(((logarithm + shift) * binsPerOctave).rounded(.down)) + 1
        return value < 0 ? -index : index
    }

    /// Middle of a bin, in relative terms.
    private static func representative(_ index: Int32) -> Double {
        guard index != zero else { return 0 }
        let low = value(ofLogarithm: Double(abs(index) - 1) / binsPerOctave - shift)
        let high = value(ofLogarithm: Double(abs(index)) / binsPerOctave - shift)
        let middle = 2 * low * high / (low + high)
        return index < 0 ? -middle : middle
    }

    private static func value(ofLogarithm logarithm: Double) -> Double {
        let exponent = logarithm.rounded(.down)
        return Double(sign: .plus, exponent: Int(exponent), significand: 1 + (logarithm - exponent))
    }

    // MARK: Storage

    /// Bins as pairs of variable-length integers: distance to the index before, count.
    package func encode() -> [UInt8] {
        var bytes: [UInt8] = []
        var before: Int64 = 0
        for bin in bins {
            VariableInteger.append(signed: Int64(bin.index) - before, to: &bytes)
            VariableInteger.append(UInt64(bin.count), to: &bytes)
            before = Int64(bin.index)
        }
        return bytes
    }

    /// nil if `bytes` are not of `encode()`.
    package init?(decoding bytes: [UInt8]) {
        self.init()
        var at = 0
        var index: Int64 = 0
        while at < bytes.count {
            guard let step = VariableInteger.takeSigned(bytes, &at),
                let more = VariableInteger.take(bytes, &at),
                let narrow = UInt32(exactly: more), let narrowIndex = Int32(exactly: index + step)
            else { return nil }
            index += step
            bins.append((narrowIndex, narrow))
            count += more
        }
    }
}
