/// Decodes InfluxDB line protocol: `measurement,tag=value field=1.5,other=2i 1767574923000000000`, a record a line.
///
/// Rules from the reference (docs.influxdata.com, "Line protocol", InfluxDB v1 and v2), and from its parser in
/// influxdata/influxdb `models/points.go` where the text is silent:
/// - A backslash escapes comma and space in a measurement, also `=` in tags and field keys, and only `"` and `\` in a
///   string; before anything else it is itself. A newline inside a string belongs to the string.
/// - `1`, `1.`, `.5`, `+1`, `1.e+78` are floats, `1i` is an integer of 64 bits, `1u` an unsigned one, `t T true True TRUE` and
///   `f F false False FALSE` are booleans. There is no NaN, no infinity, and an integer beyond 64 bits is no float.
/// - Lines that start with `#` are comments. A line may end in CRLF. A line without a timestamp is of its arrival.
///
/// A field is named `measurement.field`, or `field` alone; both may have dots. The whole name goes before the other.
/// A bad line is noted and the others are kept; it ends at the next newline. A line with no field of the profile is
/// nobody's.
package enum LineProtocolPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, device: UnsafeBufferPointer<UInt8>,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.begin(plan)
        guard let base = payload.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return Rejection(.noReadings)
        }
        var text = LineText(base, count: payload.count)
        var keeper = LineKeeper(device: device, scratch: scratch)
        let records = RecordReader(payload: base, device: device, now: now)
        while let start = text.beginLine() {
            scratch.recordCount = 0
            guard let record = scratch.beginRecord(plan) else {
                return Rejection(.tooManyReadings, at: start)
            }
            keeper.begin(record)
            if let rejection = text.line(&keeper, plan) {
                message.refuse(part: rejection)
                text.skipLine()
            } else if keeper.isOurs,
                let rejection = plan.namesDevices
                    ? records.readOwned(
                        record, of: keeper.owner(in: text), at: keeper.deviceField, plan, into: scratch,
                        &message)
                    : records.readPart(record, at: start, plan, into: scratch, &message)
            {
                return rejection
            }
        }
        return scratch.count > 0 ? nil : message.partial ?? Rejection(.noReadings)
    }
}

/// Keeps the fields of a line that a plan wants.
private struct LineKeeper: LineVisitor {
    let device: UnsafeBufferPointer<UInt8>
    let scratch: DecodeScratch
    /// Whether the last line had a field that the plan wants.
    private(set) var isOurs = false
    private var record: UnsafeMutablePointer<FieldValue>
    private var scope = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private(set) var deviceField = FieldValue.absent
    /// Where the name of the next field is looked for first, over all lines.
    private var next = 0

    init(device: UnsafeBufferPointer<UInt8>, scratch: DecodeScratch) {
        self.device = device
        self.scratch = scratch
        record = scratch.message.baseAddress!
    }

    mutating func begin(_ record: UnsafeMutablePointer<FieldValue>) {
        self.record = record
        isOurs = false
        deviceField = .absent
    }

    mutating func measurement(_ name: FieldValue, in text: LineText) {
        scope = text.plain(name, in: scratch.bytes, from: 0)
    }

    mutating func tag(_ key: FieldValue, _ value: FieldValue, in text: LineText, _ plan: borrowing RecordPlan)
        -> Rejection?
    {
        guard let wanted = plan.deviceTag, text.says(wanted, key) else { return nil }
        guard deviceField.kind == .absent else { return Rejection(.notLineProtocol, at: Int(key.start)) }
        deviceField = value
        return nil
    }

    mutating func field(
        _ key: FieldValue, _ value: FieldValue, in text: LineText, _ plan: borrowing RecordPlan
    ) -> Rejection? {
        let name = text.plain(key, in: scratch.bytes, from: scope.count)
        guard let slot = plan.names.slot(name, in: scope, next: &next) else { return nil }
        guard record[slot].kind == .absent else { return Rejection(.notLineProtocol, at: Int(key.start)) }
        record[slot] = value
        isOurs = true
        return nil
    }

    mutating func time(_ time: FieldValue, _ plan: borrowing RecordPlan) {
        if let slot = plan.time { record[Int(slot.index)] = time }
    }

    /// Whom the line names.
    func owner(in text: LineText) -> DeviceDirectory.Finding {
        scratch.directory?.find(text.plain(deviceField, in: scratch.bytes, from: 0)) ?? .unknown
    }

    func end(of start: Int, in text: LineText, _ plan: borrowing RecordPlan) -> Rejection? {
        guard isOurs, plan.deviceTag != nil else { return nil }
        guard deviceField.kind != .absent else { return Rejection(.missingDevice, at: start) }
        return plan.namesDevices || text.says(device, deviceField)
            ? nil : Rejection(.deviceMismatch, at: Int(deviceField.start))
    }
}
