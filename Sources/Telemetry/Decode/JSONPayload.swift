/// Decodes a JSON payload by a profile's pointers, in one walk.
package enum JSONPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, device: UnsafeBufferPointer<UInt8>,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        if let rejection = fill(from: payload, plan: plan, scratch) { return rejection }
        let records = RecordReader(
            payload: payload.baseAddress!.assumingMemoryBound(to: UInt8.self), device: device, now: now)
        return records.read(plan, hasRecords: plan.paths.hasRecords, into: scratch, &message)
    }

    /// Keeps the fields that the plan points at.
    /// - Returns: why and where the payload was refused; nil if it is JSON, so that it has a byte at least.
    static func fill(
        from payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Rejection? {
        scratch.begin(plan)
        guard payload.count > 0 else { return Rejection(.notJSON) }
        let reader = JSONReader(payload, depth: scratch.limits.depth)
        return plan.paths.withParts {
            var walk = JSONWalk(reader: reader, scratch: scratch, nodes: $0, edges: $1, keys: $2)
            return walk.run(plan)
        }
    }
}

/// One walk over a payload that keeps the fields a plan asks for.
private struct JSONWalk {
    var reader: JSONReader
    /// Outlives the walk, which is copied at every level: not counted.
    unowned(unsafe) let scratch: DecodeScratch
    /// The tree of the plan; as plain memory, because its arrays would be counted at every member.
    let nodes: UnsafeBufferPointer<JSONPathTree.Node>
    let edges: UnsafeBufferPointer<JSONPathTree.Edge>
    let keys: UnsafeBufferPointer<UInt8>
    private var record: UnsafeMutablePointer<FieldValue>?
    /// Key of the member that is walked into.
    private var key = FieldValue.absent
    /// Name of the device all records are of that are met now, where it stands above them.
    private var owner = FieldValue.absent

    init(
        reader: JSONReader, scratch: DecodeScratch, nodes: UnsafeBufferPointer<JSONPathTree.Node>,
        edges: UnsafeBufferPointer<JSONPathTree.Edge>, keys: UnsafeBufferPointer<UInt8>
    ) {
        self.reader = reader
        self.scratch = scratch
        self.nodes = nodes
        self.edges = edges
        self.keys = keys
    }

    mutating func run(_ plan: borrowing RecordPlan) -> Rejection? {
        guard walk(0, plan), reader.finish() else { return reader.rejection }
        return nil
    }

    /// Reads one value as `node` says.
    private mutating func walk(_ node: Int, _ plan: borrowing RecordPlan) -> Bool {
        let here = nodes[node]
        return here.isOfOneDevice ? readOwned(here, plan) : read(here, plan)
    }

    /// Reads a value all of whose records are of one device, which may be named behind them.
    private mutating func readOwned(_ here: JSONPathTree.Node, _ plan: borrowing RecordPlan) -> Bool {
        let first = scratch.recordCount
        owner = here.isKeyedByDevice ? key : .absent
        guard read(here, plan) else { return false }
        guard let slot = plan.device else { return true }
        for index in first..<scratch.recordCount { scratch.record(index, plan)[Int(slot.index)] = owner }
        return true
    }

    private mutating func read(_ here: JSONPathTree.Node, _ plan: borrowing RecordPlan) -> Bool {
        if here.isRecord {
            guard let record = scratch.beginRecord(plan) else { return reader.fail(.tooManyReadings) }
            self.record = record
        }
        let first = reader.peek()
        let isContainer = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        if !isContainer || (here.edgeCount == 0 && here.any < 0) {
            var field = FieldValue.absent
            guard reader.value(&field) else { return false }
            var leaf = here
            if leaf.isOwner { owner = field }
            if leaf.slot >= 0 { keep(field, leaf, plan) }
            while leaf.also >= 0 {
                leaf = nodes[Int(leaf.also)]
                keep(field, leaf, plan)
            }
            return true
        }
        let isObject = first == UInt8(ascii: "{")
        let container = scratch.beginContainer()
        return forEachChild { walk, key, escaped, index in
            let start = walk.reader.at
            let edge: Int
            if here.memberCount > 0 {
                guard let found = walk.selection(here) else { return false }
                edge = found
            } else {
                edge = isObject ? walk.member(here, key, escaped) : walk.element(here, index)
            }
            guard edge >= 0 else {
                if here.any < 0 { return walk.reader.skip() }
                walk.key = isObject ? FieldValue(key: key, isEscaped: escaped) : .absent
                return walk.walk(Int(here.any), plan)
            }
            guard walk.scratch.visit(edge, in: container) else {
                return walk.reader.fail(.duplicateKey, at: isObject ? key.lowerBound - 1 : start)
            }
            return walk.walk(Int(walk.edges[edge].child), plan)
        }
    }

    /// `JSONReader.forEachElement`, with the walk itself in hand.
    @inline(__always)
    private mutating func forEachChild(_ body: (inout JSONWalk, Range<Int>, Bool, Int) -> Bool) -> Bool {
        var walk = self
        let went = reader.forEachElement { reader, key, escaped, index in
            walk.reader = reader
            let went = body(&walk, key, escaped, index)
            reader = walk.reader
            return went
        }
        record = walk.record
        owner = walk.owner
        return went
    }

    private func keep(_ field: FieldValue, _ node: JSONPathTree.Node, _ plan: borrowing RecordPlan) {
        let slot = node.isInRecord ? record! + Int(node.slot) : scratch.message.baseAddress! + Int(node.slot)
        guard let reduction = node.reduction else {
            slot.pointee = field
            return
        }
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

    /// The edge a member follows, negative if none is of its key.
    private func member(_ node: JSONPathTree.Node, _ key: Range<Int>, _ escaped: Bool) -> Int {
        for index in Int(node.firstEdge)..<Int(node.firstEdge + node.edgeCount) {
            let edge = edges[index]
            let wanted = UnsafeBufferPointer(
                rebasing: keys[Int(edge.keyStart)..<Int(edge.keyStart + edge.keyCount)])
            let found = UnsafeBufferPointer(start: reader.bytes + key.lowerBound, count: key.count)
            let isSame =
                escaped ? JSONKey.unescape(found).elementsEqual(wanted) : Self.isEqual(found, wanted)
            if isSame { return index }
        }
        return -1
    }

    @inline(__always)
    private static func isEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>)
        -> Bool
    {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }

    /// The edge an element follows by what it says of itself, negative if it is none that is looked for; nil if it cannot
    /// be read. Looks ahead through the element, because the member may stand behind the value; the cursor stays.
    private mutating func selection(_ node: JSONPathTree.Node) -> Int? {
        guard reader.peek() == UInt8(ascii: "{") else { return -1 }
        let start = reader
        let member = UnsafeBufferPointer(
            rebasing: keys[Int(node.memberStart)..<Int(node.memberStart + node.memberCount)])
        var word = FieldValue.absent
        let went = reader.forEachElement { reader, key, escaped, _ in
            let found = FieldValue(key: key, isEscaped: escaped)
            guard found.says(member, in: reader.bytes) else { return reader.skip() }
            guard word.kind == .absent else {
                return reader.fail(.duplicateKey, at: key.lowerBound - 1)
            }
            return reader.value(&word)
        }
        guard went else { return nil }
        reader = start
        if word.kind == .absent || word.kind == .unusable { return -1 }
        for index in Int(node.firstEdge)..<Int(node.firstEdge + node.edgeCount) {
            let wanted = UnsafeBufferPointer(
                rebasing: keys[
                    Int(edges[index].keyStart)..<Int(edges[index].keyStart + edges[index].keyCount)])
            if word.says(wanted, in: reader.bytes) { return index }
        }
        return -1
    }

    private func element(_ node: JSONPathTree.Node, _ position: Int) -> Int {
        for index in Int(node.firstEdge)..<Int(node.firstEdge + node.edgeCount)
        where edges[index].index == Int32(position) {
            return index
        }
        return -1
    }
}

/// Keys written with escapes are rare: they may allocate.
enum JSONKey {
    static func unescape(_ key: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var scalars = String.UnicodeScalarView()
        var units: [UInt16] = []
        var at = 0
        func flush() {
            scalars.append(contentsOf: String(decoding: units, as: UTF16.self).unicodeScalars)
            units.removeAll()
        }
        var plain: [UInt8] = []
        func flushPlain() {
            scalars.append(contentsOf: String(decoding: plain, as: UTF8.self).unicodeScalars)
            plain.removeAll()
        }
        while at < key.count {
            guard key[at] == UInt8(ascii: "\\"), at + 1 < key.count else {
                flush()
                plain.append(key[at])
                at += 1
                continue
            }
            flushPlain()
            let letter = key[at + 1]
            if letter == UInt8(ascii: "u"), at + 5 < key.count {
                let hexadecimal = String(decoding: key[(at + 2)..<(at + 6)], as: UTF8.self)
                units.append(UInt16(hexadecimal, radix: 16) ?? 0xFFFD)
                at += 6
                continue
            }
            let replaced: UInt8 =
                switch letter {
                case UInt8(ascii: "b"): 8
                case UInt8(ascii: "f"): 12
                case UInt8(ascii: "n"): 10
                case UInt8(ascii: "r"): 13
                case UInt8(ascii: "t"): 9
                default: letter
                }
            units.append(UInt16(replaced))
            at += 2
        }
        flush()
        flushPlain()
        return Array(String(scalars).utf8)
    }
}
