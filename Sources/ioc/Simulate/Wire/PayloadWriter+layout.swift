import Telemetry

/// Records by their layout: lines, groups, and bytes.
extension PayloadWriter {
    func writeLayout(_ position: Position, _ draft: borrowing MessageDraft, into bytes: inout [UInt8]) {
        guard let layout = plan.layout else { return }
        if plan.form == .senmlCBOR { return writePack(layout, position.record, draft, into: &bytes) }
        if plan.form == .cayenneLPP {
            var content: [UInt8] = []
            writeValues(layout, record: position.record, draft, into: &content)
            bytes.append(contentsOf: layout.isWrapped ? Base64.encode(content) : content)
            return
        }
        for record in 0..<draft.records where hasContent(layout, record, draft) {
            if plan.form == .lineProtocol {
                writeLine(layout, record, draft, into: &bytes)
            } else {
                writeGroup(layout, record, draft, into: &bytes)
            }
        }
    }

    private func hasContent(_ layout: RecordLayout, _ record: Int, _ draft: borrowing MessageDraft) -> Bool {
        plan.leaves.indices.contains { draft.content($0, record: record) != WireLeaf.absent }
    }

    private func writeLine(
        _ layout: RecordLayout, _ record: Int, _ draft: borrowing MessageDraft, into bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: layout.head)
        if layout.isTagged { bytes.append(lineName: draft.device, isKey: true) }
        bytes.append(UInt8(ascii: " "))
        var count = 0
        for field in layout.fields {
            guard isWritten(field.place, record, draft) else { continue }
            if count > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: field.name)
            bytes.append(UInt8(ascii: "="))
            write(field.place, record, draft, into: &bytes)
            if case .sequence = field.place { bytes.append(UInt8(ascii: "i")) }
            count += 1
        }
        bytes.append(UInt8(ascii: " "))
        plan.time.write(draft.times[record], into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    private func writeGroup(
        _ layout: RecordLayout, _ record: Int, _ draft: borrowing MessageDraft, into bytes: inout [UInt8]
    ) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "#")) }
        plan.time.write(draft.times[record], into: &bytes)
        for field in layout.fields where isWritten(field.place, record, draft) {
            bytes.append(UInt8(ascii: "|"))
            bytes.append(contentsOf: field.name)
            bytes.append(UInt8(ascii: "|"))
            write(field.place, record, draft, into: &bytes)
        }
    }

    private func isWritten(_ place: RecordLayout.Place, _ record: Int, _ draft: borrowing MessageDraft)
        -> Bool
    {
        guard case .leaf(let leaf) = place else { return true }
        return draft.content(leaf, record: record) != WireLeaf.absent
    }

    private func write(
        _ place: RecordLayout.Place, _ record: Int, _ draft: borrowing MessageDraft,
        into bytes: inout [UInt8]
    ) {
        switch place {
        case .leaf(let leaf):
            if let mischief { return bytes.append(contentsOf: mischief) }
            write(draft.content(leaf, record: record), plan.leaves[leaf], into: &bytes)
        case .sequence: bytes.append(decimal: draft.sequence)
        case .device: bytes.append(contentsOf: draft.device)
        case .time: plan.time.write(draft.times[record], into: &bytes)
        }
    }

    // MARK: Bytes

    private func writeValues(
        _ layout: RecordLayout, record: Int, _ draft: borrowing MessageDraft, into bytes: inout [UInt8]
    ) {
        for value in layout.values {
            guard value.parts.contains(where: { $0.map { isWritten($0, record, draft) } ?? false }) else {
                continue
            }
            bytes.append(value.channel)
            // 250 is no type: what stands behind it cannot be read.
            bytes.append(mischief == nil ? value.type.code : 250)
            for (part, place) in value.parts.enumerated() {
                let number = place.flatMap { raw($0, value.type, part, record, draft) } ?? 0
                for byte in (0..<value.type.width).reversed() {
                    bytes.append(UInt8(truncatingIfNeeded: number >> Int64(8 * byte)))
                }
            }
        }
    }

    private func raw(
        _ place: RecordLayout.Place, _ type: CayenneLPPType, _ part: Int, _ record: Int,
        _ draft: borrowing MessageDraft
    ) -> Int64? {
        switch place {
        case .sequence: return draft.sequence
        case .device: return nil
        case .time: return draft.times[record].floorDivided(by: Span.second).quotient
        case .leaf(let leaf):
            let content = draft.content(leaf, record: record)
            guard let number = plan.leaves[leaf].raw(content, elements: 0) else { return nil }
            return Int64((number * type.divisor(ofPart: part)).rounded())
        }
    }
}
