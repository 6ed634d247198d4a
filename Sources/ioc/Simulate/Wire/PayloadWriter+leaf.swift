import Telemetry

/// One value, as its form writes it.
extension PayloadWriter {
    func write(_ index: Int, _ position: Position, _ draft: borrowing MessageDraft, into bytes: inout [UInt8])
    {
        if let mischief {
            bytes.append(contentsOf: mischief)
            return
        }
        let leaf = plan.leaves[index]
        let content = draft.content(index, record: position.record)
        if let reduction = leaf.reduction {
            let part =
                content == WireLeaf.absent
                ? nil
                : reduction.part(
                    of: content, element: position.element, count: position.elements,
                    bounds: leaf.number.bounds)
            write(part, leaf, into: &bytes)
        } else {
            write(content == WireLeaf.absent || content == leaf.omitted ? nil : content, leaf, into: &bytes)
        }
    }

    func write(_ content: Int64?, _ leaf: WireLeaf, into bytes: inout [UInt8]) {
        guard let content else {
            if plan.form == .json || plan.form.isBinary { bytes.append(text: "null") }
            return
        }
        switch leaf.style {
        case .flag: content == 0 ? bytes.append(text: "false") : bytes.append(text: "true")
        case .words(let words): write(word: words[Int(content)].bytes, into: &bytes)
        case .number:
            let mark = plan.form == .csv ? plan.dialect.decimal : leaf.decimal
            // A decimal mark that is also the delimiter needs quotes, like text.
            let isQuoted = leaf.isText || plan.form == .csv && mark == plan.dialect.delimiter
            if isQuoted { bytes.append(UInt8(ascii: "\"")) }
            bytes.append(mantissa: content, decimals: leaf.number.decimals, mark: mark)
            if isQuoted { bytes.append(UInt8(ascii: "\"")) }
        }
    }

    private func write(word: [UInt8], into bytes: inout [UInt8]) {
        switch plan.form {
        case .json, .senml, .senmlCBOR, .cayenneLPP: bytes.append(quoted: word)
        case .lineProtocol: bytes.append(lineString: word)
        case .csv where word.contains(plan.dialect.delimiter): bytes.append(quoted: word)
        case .csv, .scalar, .ultraLight, .sparkplug: bytes.append(contentsOf: word)
        }
    }
}
