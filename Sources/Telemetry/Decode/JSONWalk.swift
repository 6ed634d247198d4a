/// One walk over a payload that keeps the fields a plan asks for.
struct JSONWalk: ~Copyable {
    private var reader: JSONReader
    private let tree: JSONPathTree.Parts
    private var record: UnsafeMutablePointer<FieldValue>?
    /// Key of the member that is walked into.
    private var key = FieldValue.absent
    /// Name of the device all records are of that are met now, where it stands above them.
    private var owner = FieldValue.absent

    init(reader: JSONReader, tree: JSONPathTree.Parts) {
        self.reader = reader
        self.tree = tree
    }

    mutating func run(_ plan: borrowing RecordPlan, _ scratch: DecodeScratch) -> Rejection? {
        guard walk(0, plan, scratch), reader.finish() else { return reader.rejection }
        return nil
    }

    /// Reads one value as `node` says.
    private mutating func walk(_ node: Int32, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch) -> Bool
    {
        let here = tree.nodes + Int(node)
        if here.pointee.isPlainLeaf { return reader.value(&slot(of: here, scratch).pointee) }
        return here.pointee.isOfOneDevice ? readOwned(here, plan, scratch) : read(here, plan, scratch)
    }

    /// Reads a value all of whose records are of one device, which may be named behind them.
    private mutating func readOwned(
        _ here: UnsafePointer<JSONPathTree.Node>, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Bool {
        let first = scratch.recordCount
        owner = here.pointee.isKeyedByDevice ? key : .absent
        guard read(here, plan, scratch) else { return false }
        guard let slot = plan.device else { return true }
        for index in first..<scratch.recordCount { scratch.record(index, plan)[Int(slot.index)] = owner }
        return true
    }

    private mutating func read(
        _ here: UnsafePointer<JSONPathTree.Node>, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Bool {
        if here.pointee.isRecord {
            guard let record = scratch.beginRecord(plan) else { return reader.fail(.tooManyReadings) }
            self.record = record
        }
        let first = reader.peek()
        let isContainer = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        guard isContainer, here.pointee.edgeCount > 0 || here.pointee.any >= 0 else {
            return readLeaf(here, plan, scratch)
        }
        return first == UInt8(ascii: "{")
            ? readMembers(here, plan, scratch) : readElements(here, plan, scratch)
    }

    private mutating func readLeaf(
        _ here: UnsafePointer<JSONPathTree.Node>, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Bool {
        var field = FieldValue.absent
        guard reader.value(&field) else { return false }
        if here.pointee.isOwner { owner = field }
        if here.pointee.slot >= 0 { keep(field, here, plan, scratch) }
        var leaf = here
        while leaf.pointee.also >= 0 {
            leaf = tree.nodes + Int(leaf.pointee.also)
            keep(field, leaf, plan, scratch)
        }
        return true
    }

    private mutating func readMembers(
        _ here: UnsafePointer<JSONPathTree.Node>, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Bool {
        let container = scratch.beginContainer()
        // Messages keep the order of their members, and most have that of the profile.
        var next = here.pointee.firstEdge
        var step = reader.enter(closing: UInt8(ascii: "}"))
        while step == .child {
            var key = 0..<0
            var escaped = false
            guard var edge = member(here, &next, &key, &escaped) else { return false }
            if here.pointee.memberCount > 0 {
                guard let selected = selection(here) else { return false }
                edge = selected
            }
            if edge >= 0 {
                guard scratch.visit(Int(edge), in: container) else {
                    return reader.fail(.duplicateKey, at: key.lowerBound - 1)
                }
                guard walk(tree.child(edge), plan, scratch) else { return false }
            } else if here.pointee.any >= 0 {
                self.key = FieldValue(key, isEscaped: escaped)
                guard walk(here.pointee.any, plan, scratch) else { return false }
            } else {
                guard reader.skip() else { return false }
            }
            step = reader.proceed(closing: UInt8(ascii: "}"))
        }
        return step == .end
    }

    private mutating func readElements(
        _ here: UnsafePointer<JSONPathTree.Node>, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Bool {
        let container = scratch.beginContainer()
        var position: Int32 = 0
        var step = reader.enter(closing: UInt8(ascii: "]"))
        while step == .child {
            let start = reader.at
            var edge: Int32
            if here.pointee.memberCount > 0 {
                guard let selected = selection(here) else { return false }
                edge = selected
            } else {
                edge = tree.find(at: position, among: here.pointee.edges)
            }
            if edge >= 0 {
                guard scratch.visit(Int(edge), in: container) else {
                    return reader.fail(.duplicateKey, at: start)
                }
                guard walk(tree.child(edge), plan, scratch) else { return false }
            } else if here.pointee.any >= 0 {
                key = .absent
                guard walk(here.pointee.any, plan, scratch) else { return false }
            } else {
                guard reader.skip() else { return false }
            }
            position += 1
            step = reader.proceed(closing: UInt8(ascii: "]"))
        }
        return step == .end
    }

    private func slot(of node: UnsafePointer<JSONPathTree.Node>, _ scratch: DecodeScratch)
        -> UnsafeMutablePointer<FieldValue>
    {
        let slot = Int(node.pointee.slot)
        return node.pointee.isInRecord ? record! + slot : scratch.message.baseAddress! + slot
    }

    private func keep(
        _ field: FieldValue, _ node: UnsafePointer<JSONPathTree.Node>, _ plan: borrowing RecordPlan,
        _ scratch: DecodeScratch
    ) {
        let slot = slot(of: node, scratch)
        guard let reduction = node.pointee.reduction else {
            slot.pointee = field
            return
        }
        let node = node.pointee
        if plan.isSentinel(field, node.sentinels, in: reader.bytes) { return }
        if reduction == .count {
            if field.kind != .null { reduction.add(1, to: &slot.pointee) }
            return
        }
        guard slot.pointee.kind != .unusable else { return }
        switch field.kind {
        case .null: break
        case .number: reduction.add(field.number, to: &slot.pointee)
        case .no: reduction.add(0, to: &slot.pointee)
        case .yes: reduction.add(1, to: &slot.pointee)
        case .text where node.numbersAreText:
            if let number = NumberScanner.parse(field.text(in: reader.bytes), decimal: node.decimal) {
                if plan.isSentinel(number, node.sentinels) { return }
                reduction.add(number, to: &slot.pointee)
            } else {
                slot.pointee = FieldValue(number: 0, start: field.start, end: field.end, kind: .unusable)
            }
        default: slot.pointee = FieldValue(number: 0, start: field.start, end: field.end, kind: .unusable)
        }
    }

    // MARK: Which edge

    /// Reads a key.
    /// - Parameter next: the edge that is looked at first; moves behind the one that is found.
    /// - Returns: the edge the member follows, negative if none is of its key; nil if it cannot be read.
    @inline(__always)
    private mutating func member(
        _ node: UnsafePointer<JSONPathTree.Node>, _ next: inout Int32, _ key: inout Range<Int>,
        _ escaped: inout Bool
    ) -> Int32? {
        if next < node.pointee.firstEdge + node.pointee.edgeCount {
            let edge = tree.edge(next)
            if edge.isPlain, let expected = reader.key(edge, tree.key(next)) {
                key = expected
                next += 1
                return next - 1
            }
        }
        guard reader.key(&key, &escaped) else { return nil }
        let text = UnsafeBufferPointer(start: reader.bytes + key.lowerBound, count: key.count)
        let found =
            escaped
            ? tree.find(escaped: text, among: node.pointee.edges)
            : tree.find(text, reader.beginning(of: key), among: node.pointee.edges)
        if found >= 0 { next = found + 1 }
        return found
    }

    /// The edge an element follows by what it says of itself, negative if it is none that is looked for; nil if it cannot
    /// be read. Looks ahead through the element, because the member may stand behind the value; the cursor stays.
    private mutating func selection(_ node: UnsafePointer<JSONPathTree.Node>) -> Int32? {
        guard reader.peek() == UInt8(ascii: "{") else { return -1 }
        let start = reader
        let member = tree.member(node.pointee)
        var word = FieldValue.absent
        let went = reader.forEachElement { reader, key, escaped, _ in
            let found = FieldValue(key, isEscaped: escaped)
            guard found.says(member, in: reader.bytes) else { return reader.skip() }
            guard word.kind == .absent else {
                return reader.fail(.duplicateKey, at: key.lowerBound - 1)
            }
            return reader.value(&word)
        }
        guard went else { return nil }
        reader = start
        if word.kind == .absent || word.kind == .unusable { return -1 }
        return tree.find(word, in: reader.bytes, among: node.pointee.edges)
    }
}

extension JSONReader {
    /// The key of a member if it is the one of `edge`, as it is most often: then it need not be looked at byte by byte.
    /// - Returns: where it stands; nil if it is another, and then the cursor stays.
    @inline(__always)
    fileprivate mutating func key(_ edge: JSONPathTree.Edge, _ key: UnsafeBufferPointer<UInt8>) -> Range<Int>?
    {
        guard peek() == UInt8(ascii: "\"") else { return nil }
        let (start, behind) = (at + 1, at + 1 + key.count)
        guard end - start >= 8, behind + 1 < end, bytes[behind] == UInt8(ascii: "\""),
            bytes[behind + 1] == UInt8(ascii: ":"),
            EightBytes(at: bytes + start).first(key.count) == edge.beginning
        else { return nil }
        if key.count > 8, !(bytes + start).starts(withThoseAt: key.baseAddress!, count: key.count) {
            return nil
        }
        at = behind + 2
        return start..<behind
    }

    /// The first bytes of a key, zeros behind them.
    @inline(__always)
    fileprivate func beginning(of key: Range<Int>) -> UInt64 {
        let start = key.lowerBound
        if end - start >= 8 { return EightBytes(at: bytes + start).first(key.count) }
        var beginning: UInt64 = 0
        for index in key.reversed() { beginning = beginning << 8 | UInt64(bytes[index]) }
        return beginning
    }
}
