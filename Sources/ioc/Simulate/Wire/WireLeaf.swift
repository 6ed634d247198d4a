import Telemetry

/// One field of a payload: a place that holds one number, word or flag, or several that are reduced to one.
struct WireLeaf {
    enum Style {
        case number
        /// `true` and `false`.
        case flag
        case words([(bytes: [UInt8], value: Double)])
    }

    /// Stands for "this field is left out" where a leaf's content is expected.
    static let absent = Int64.min

    let style: Style
    let number: WireNumber
    /// Numbers stand between quotes.
    let isText: Bool
    let decimal: UInt8
    let reduction: Reduction?
    /// Content that a reader fills in by itself, so that it may be left out.
    var omitted: Int64?

    /// The content nearest to `value`, which is in the measurement's unit.
    func content(_ value: Double, scale: Double, offset: Double) -> Int64 {
        switch style {
        case .number: return number.mantissa(value)
        case .flag: return value >= 0.5 ? 1 : 0
        case .words(let words):
            func distance(_ index: Int) -> Double { abs(words[index].value * scale + offset - value) }
            return Int64(words.indices.min { distance($0) < distance($1) } ?? 0)
        }
    }

    /// What a decoder finds in the field, before scale and offset.
    func raw(_ content: Int64, elements: Int) -> Double? {
        if let reduction { return reduction.reduced(content, elements: elements, number: number) }
        guard content != Self.absent else { return nil }
        switch style {
        case .number: return number.raw(content)
        case .flag: return Double(content)
        case .words(let words): return words[Int(content)].value
        }
    }
}
