/// Decodes UltraLight 2.0, the text of FIWARE's IoT Agent: `time|name|value|name|value#name|value`.
///
/// Rules from its manual (fiware-iotagent-ul, "UltraLight 2.0 Protocol") and parser (`lib/ulParser.js`):
/// - `#` parts groups, each a record of its own; `|` parts fields. An even number of bars means that the first field is
///   the group's time, which may be empty; other groups have nothing of it.
/// - A value is read as JSON if it is any, else it is text.
/// - An empty name or value, or a group without a pair, refuses the whole payload.
///
/// A group with no field of the profile is nobody's. A field that stands twice in a group refuses the payload, too.
package enum UltraLightPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, device: UnsafeBufferPointer<UInt8>,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.begin(plan)
        guard let base = payload.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return Rejection(.noReadings)
        }
        var groups = UltraLightGroups(
            UnsafeBufferPointer(start: base, count: payload.count), depth: scratch.limits.depth)
        // Where the name of the next field is looked for first, over all groups.
        var next = 0
        while groups.hasMore {
            guard let record = scratch.beginRecord(plan) else { return Rejection(.tooManyReadings) }
            var isOurs = false
            let text = groups
            let rejection = groups.group { time in
                if let slot = plan.time { record[Int(slot.index)] = time }
            } pair: { name, value in
                guard let slot = plan.names.slot(name.text(in: base), next: &next) else { return nil }
                guard record[slot].kind == .absent else {
                    return Rejection(.notUltraLight, at: Int(name.start))
                }
                record[slot] = text.resolved(value)
                isOurs = true
                return nil
            }
            if let rejection { return rejection }
            if !isOurs { scratch.recordCount -= 1 }
        }
        let records = RecordReader(payload: base, device: device, now: now)
        return records.read(plan, hasRecords: true, into: scratch, &message)
    }
}

/// Walks the groups of a payload, which it knows the grammar of and nothing else.
struct UltraLightGroups {
    let bytes: UnsafePointer<UInt8>
    private let end: Int
    private let depth: Int
    private var at = 0
    /// Whether another group follows.
    private(set) var hasMore: Bool

    private static let bar = UInt8(ascii: "|")
    private static let hash = UInt8(ascii: "#")

    init(_ payload: UnsafeBufferPointer<UInt8>, depth: Int) {
        var end = payload.count
        // A line end or a NUL behind the last value is the sender's habit, not the value's.
        while end > 0, payload[end - 1] <= 0x20 { end -= 1 }
        bytes = payload.baseAddress!
        self.end = end
        self.depth = depth
        hasMore = end > 0
    }

    /// Goes through the pairs of the next group.
    /// - Parameters:
    ///   - time: takes the group's time, if it has one.
    ///   - pair: takes a name and its value as it is written.
    @inline(__always)
    mutating func group(
        time: (FieldValue) -> Void, pair: (FieldValue, FieldValue) -> Rejection?
    ) -> Rejection? {
        let start = at
        var groupEnd = start
        var bars = 0
        while groupEnd < end, bytes[groupEnd] != Self.hash {
            if bytes[groupEnd] == Self.bar { bars += 1 }
            groupEnd += 1
        }
        guard bars > 0 else { return Rejection(.notUltraLight, at: start) }
        if bars % 2 == 0 {
            let found = field(groupEnd)
            if found.end > found.start { time(found) }
        }
        while at <= groupEnd {
            let name = field(groupEnd)
            let value = field(groupEnd)
            guard name.end > name.start else { return Rejection(.notUltraLight, at: Int(name.start)) }
            guard value.end > value.start else { return Rejection(.notUltraLight, at: Int(value.start)) }
            if let rejection = pair(name, value) { return rejection }
        }
        hasMore = groupEnd < end
        at = groupEnd + 1
        return nil
    }

    /// The next field; the cursor is behind the bar that ends it.
    private mutating func field(_ groupEnd: Int) -> FieldValue {
        let start = at
        while at < groupEnd, bytes[at] != Self.bar { at += 1 }
        defer { at += 1 }
        return FieldValue(number: 0, start: Int32(start), end: Int32(at), kind: .text)
    }

    /// What a value is as JSON; itself if it is none.
    func resolved(_ value: FieldValue) -> FieldValue {
        let whole = UnsafeRawBufferPointer(start: bytes, count: Int(value.end))
        var reader = JSONReader(whole, depth: depth)
        reader.at = Int(value.start)
        var found = FieldValue.absent
        guard reader.value(&found) else { return value }
        reader.skipSpace()
        return reader.at == Int(value.end) ? found : value
    }
}
