import Telemetry

/// Fills a plan's template with a draft: the other way round from `PayloadFormat.decode`.
struct PayloadWriter {
    let plan: PayloadPlan
    /// What to write in place of every value, to make the payload wrong on purpose.
    var mischief: [UInt8]?

    init(_ plan: PayloadPlan) { self.plan = plan }

    /// Replaces the contents of `bytes`.
    func write(_ draft: borrowing MessageDraft, into bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        var position = Position(record: max(draft.records - 1, 0))
        run(0..<plan.template.steps.count, &position, draft, into: &bytes)
    }

    /// Where in the message the writer stands. Outside of records it stands in the last, whose time is the message's.
    struct Position {
        var record: Int
        var element = 0
        var elements = 0
        var packed = 0
    }

    private func run(
        _ steps: Range<Int>, _ position: inout Position, _ draft: borrowing MessageDraft,
        into bytes: inout [UInt8]
    ) {
        var at = steps.lowerBound
        while at < steps.upperBound {
            let step = plan.template.steps[at]
            at += 1
            switch step {
            case .text(let range): bytes.append(contentsOf: plan.template.literals[range])
            case .leaf(let leaf): write(leaf, position, draft, into: &bytes)
            case .time: plan.time.write(draft.times[position.record], into: &bytes)
            case .sequence: bytes.append(decimal: draft.sequence)
            case .device: bytes.append(contentsOf: draft.device)
            case .records(let body, let separator):
                repeatRecords(at..<at + body, separator, draft, into: &bytes)
                at += body
            case .elements(let star, let body, let isObject):
                repeatElements(star, at..<at + body, isObject, &position, draft, into: &bytes)
                at += body
            case .packed(let leaf, let body):
                pack(leaf, at..<at + body, &position, draft, into: &bytes)
                at += body
            case .layout: writeLayout(position, draft, into: &bytes)
            }
        }
    }

    private func repeatRecords(
        _ body: Range<Int>, _ separator: UInt8?, _ draft: borrowing MessageDraft, into bytes: inout [UInt8]
    ) {
        for record in 0..<draft.records {
            if record > 0, let separator { bytes.append(separator) }
            var position = Position(record: record)
            run(body, &position, draft, into: &bytes)
        }
    }

    private func repeatElements(
        _ star: Int, _ body: Range<Int>, _ isObject: Bool, _ position: inout Position,
        _ draft: borrowing MessageDraft, into bytes: inout [UInt8]
    ) {
        position.elements = draft.withRecord(position.record) { plan.elements(ofStar: star, $0) }
        for element in 0..<position.elements {
            if element > 0 { bytes.append(UInt8(ascii: ",")) }
            if isObject {
                bytes.append(text: "\"_")
                bytes.append(decimal: Int64(element + 1))
                bytes.append(text: "\":")
            }
            position.element = element
            run(body, &position, draft, into: &bytes)
        }
    }

    /// One SenML record. The first that is there also carries what holds for the pack.
    private func pack(
        _ leaf: Int, _ body: Range<Int>, _ position: inout Position, _ draft: borrowing MessageDraft,
        into bytes: inout [UInt8]
    ) {
        guard draft.content(leaf, record: position.record) != WireLeaf.absent else { return }
        if position.packed == 0 {
            bytes.append(text: "{\"bn\":\"")
            bytes.append(contentsOf: draft.device)
            bytes.append(text: ":\",\"bt\":")
            plan.time.write(draft.times[position.record], into: &bytes)
            if plan.carriesSequence {
                bytes.append(text: ",\"sq\":")
                bytes.append(decimal: draft.sequence)
            }
            bytes.append(UInt8(ascii: ","))
        } else {
            bytes.append(text: ",{")
        }
        position.packed += 1
        run(body, &position, draft, into: &bytes)
    }
}
