import Telemetry

/// A SenML pack in CBOR (RFC 8428 section 6): labels are numbers, and numbers with digits behind the point are decimal
/// fractions, so that none changes on its way.
extension PayloadWriter {
    func writePack(
        _ layout: RecordLayout, _ record: Int, _ draft: borrowing MessageDraft, into bytes: inout [UInt8]
    ) {
        let written = layout.records.filter { draft.content($0.leaf, record: record) != WireLeaf.absent }
        bytes.append(cborHead: 4, UInt64(written.count))
        for (index, place) in written.enumerated() {
            let leaf = plan.leaves[place.leaf]
            let isFirst = index == 0
            let fields = 2 + (place.unit.isEmpty ? 0 : 1) + (isFirst ? plan.carriesSequence ? 3 : 2 : 0)
            bytes.append(cborHead: 5, UInt64(fields))
            if isFirst {
                bytes.append(label: -2)
                bytes.append(cborText: draft.device + Array(":".utf8))
                bytes.append(label: -3)
                bytes.append(cborMantissa: draft.times[record], decimals: 3)
                if plan.carriesSequence {
                    bytes.append(cborText: Array("sq".utf8))
                    bytes.append(cborMantissa: draft.sequence, decimals: 0)
                }
            }
            bytes.append(label: 0)
            bytes.append(cborText: place.name)
            if !place.unit.isEmpty {
                bytes.append(label: 1)
                bytes.append(cborText: place.unit)
            }
            write(draft.content(place.leaf, record: record), leaf, isSum: place.isSum, into: &bytes)
        }
    }

    private func write(_ content: Int64, _ leaf: WireLeaf, isSum: Bool, into bytes: inout [UInt8]) {
        switch leaf.style {
        case .number: bytes.append(label: isSum ? 5 : 2)
        case .words: bytes.append(label: 3)
        case .flag: bytes.append(label: 4)
        }
        // A text is what none of them may be, but for words, among which it is not.
        if let mischief { return bytes.append(cborText: mischief) }
        switch leaf.style {
        case .number: bytes.append(cborMantissa: content, decimals: leaf.number.decimals)
        case .words(let words): bytes.append(cborText: words[Int(content)].bytes)
        case .flag: bytes.append(content == 0 ? 0xF4 : 0xF5)
        }
    }
}

/// Items of CBOR (RFC 8949 section 3).
extension [UInt8] {
    fileprivate mutating func append(cborHead major: UInt8, _ argument: UInt64) {
        let width =
            argument < 24
            ? 0 : argument <= 0xFF ? 1 : argument <= 0xFFFF ? 2 : argument <= 0xFFFF_FFFF ? 4 : 8
        let info: UInt8 = width == 0 ? UInt8(argument) : 24 + UInt8(width.trailingZeroBitCount)
        append(major << 5 | info)
        for byte in (0..<width).reversed() { append(UInt8(truncatingIfNeeded: argument >> UInt64(8 * byte))) }
    }

    fileprivate mutating func append(label: Int64) { append(cborMantissa: label, decimals: 0) }

    fileprivate mutating func append(cborText text: [UInt8]) {
        append(cborHead: 3, UInt64(text.count))
        append(contentsOf: text)
    }

    /// `mantissa` × 10^-`decimals`, as a decimal fraction (section 3.4.4) if there are any.
    fileprivate mutating func append(cborMantissa mantissa: Int64, decimals: Int) {
        if decimals > 0 {
            append(0xC4)
            append(cborHead: 4, 2)
            append(cborMantissa: Int64(-decimals), decimals: 0)
        }
        if mantissa < 0 {
            append(cborHead: 1, UInt64(-1 - mantissa))
        } else {
            append(cborHead: 0, UInt64(mantissa))
        }
    }
}
