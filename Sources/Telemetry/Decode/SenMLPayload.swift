/// What a profile says of a SenML pack.
package struct SenMLPlan: Sendable {
    package struct Column: Sendable {
        /// Last part of the resolved name.
        package var name: [UInt8]
        /// Units that may stand in `u`: the measurement's own and its SenML spelling. Empty admits any.
        package var units: [[UInt8]]
        package var scale: Double
        package var offset: Double
        package var low: Double
        package var high: Double
        package var words: [(word: [UInt8], value: Double)]

        package init(
            name: [UInt8], units: [[UInt8]], scale: Double, offset: Double, low: Double, high: Double,
            words: [(word: [UInt8], value: Double)]
        ) {
            self.name = name
            self.units = units
            self.scale = scale
            self.offset = offset
            self.low = low
            self.high = high
            self.words = words
        }
    }
    /// One per measurement, in the profile's order.
    package var columns: [Column]
    /// Label of the sequence number, an extension of ours (`sq`).
    package var sequence: [UInt8]?

    package init(columns: [Column], sequence: [UInt8]?) {
        self.columns = columns
        self.sequence = sequence
    }

    /// SenML's spelling of a UCUM unit (RFC 8428 section 12.1), where it differs.
    package static let spellings: [String: [String]] = [
        "1": ["/"], "%": ["%RH", "%EL", "/100"], "[ppm]": ["ppm"], "dB[SPL]": ["dB"], "{persons}": ["count"],
        "deg": ["deg"],
    ]
}

/// Decodes SenML JSON (RFC 8428): the own format of this program.
package enum SenMLPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing SenMLPlan, device: UnsafeBufferPointer<UInt8>,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.beginWithoutRecords()
        guard payload.count <= scratch.limits.payloadBytes else { return Rejection(.tooLarge, at: scratch.limits.payloadBytes) }
        guard payload.count > 0 else { return Rejection(.notJSON) }
        var reader = JSONReader(payload, depth: scratch.limits.depth)
        guard reader.peek() == UInt8(ascii: "[") else { return Rejection(.notSenML, at: reader.at) }
        var pack = SenMLPack(bytes: reader.bytes, device: device, now: now, scratch: scratch)
        let went = reader.forEachElement { reader, _, _, _ in
            guard reader.peek() == UInt8(ascii: "{") else { return reader.fail(.notSenML) }
            guard pack.read(&reader, plan) else { return false }
            if let rejection = pack.resolve(plan) { return reader.fail(rejection.reason, at: rejection.offset) }
            return true
        }
        guard went, reader.finish() else { return reader.rejection ?? Rejection(.notSenML) }
        message.sequence = pack.sequence
        message.newestTime = pack.newestTime
        message.hasTime = pack.hasTime
        return scratch.count == 0 ? Rejection(.noReadings) : nil
    }
}

/// The state that base fields carry from record to record (RFC 8428 section 4.1: each until it appears again).
private struct SenMLPack {
    let bytes: UnsafePointer<UInt8>
    let device: UnsafeBufferPointer<UInt8>
    let now: Milliseconds
    let scratch: DecodeScratch
    var sequence: Int64 = -1
    var newestTime: Milliseconds = .min
    /// Whether any time was absolute: only then is a repeat of the same bytes the same reading.
    var hasTime = false

    private var baseName = FieldValue.absent
    private var baseTime = 0.0
    private var baseUnit = FieldValue.absent
    private var baseValue: Double?
    private var name = FieldValue.absent
    private var time = 0.0
    private var unit = FieldValue.absent
    private var value = FieldValue.absent
    private var start = 0

    /// Below this a sum of times is relative to now (section 4.5.3).
    private static let firstAbsoluteTime = 268_435_456.0

    init(bytes: UnsafePointer<UInt8>, device: UnsafeBufferPointer<UInt8>, now: Milliseconds, scratch: DecodeScratch) {
        self.bytes = bytes
        self.device = device
        self.now = now
        self.scratch = scratch
    }

    /// Reads the members of one record.
    mutating func read(_ reader: inout JSONReader, _ plan: borrowing SenMLPlan) -> Bool {
        start = reader.at
        name = .absent
        time = 0
        unit = .absent
        value = .absent
        var pack = self
        let went = reader.forEachElement { reader, key, _, _ in
            var field = FieldValue.absent
            guard reader.value(&field) else { return false }
            let label = UnsafeBufferPointer(start: pack.bytes + key.lowerBound, count: key.count)
            return pack.keep(label, field, plan) ? true : reader.fail(.notSenML, at: key.lowerBound)
        }
        self = pack
        return went
    }

    private mutating func keep(_ label: UnsafeBufferPointer<UInt8>, _ field: FieldValue, _ plan: borrowing SenMLPlan)
        -> Bool
    {
        if let wanted = plan.sequence, label.elementsEqual(wanted) {
            guard field.kind == .number, let number = Int64(exactly: field.number), number >= 0 else { return false }
            sequence = max(sequence, number)
            return true
        }
        func isLabel(_ text: StaticString) -> Bool {
            label.count == text.utf8CodeUnitCount
                && label.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
        func isNumber() -> Bool { field.kind == .number }
        if isLabel("n") { name = field; return field.kind == .text }
        if isLabel("v") { value = field; return isNumber() }
        if isLabel("vs") { value = field; return field.kind == .text }
        if isLabel("vb") { value = field; return field.kind == .yes || field.kind == .no }
        if isLabel("u") { unit = field; return field.kind == .text }
        if isLabel("t") { time = field.number; return isNumber() }
        if isLabel("bn") { baseName = field; return field.kind == .text }
        if isLabel("bt") { baseTime = field.number; return isNumber() }
        if isLabel("bu") { baseUnit = field; return field.kind == .text }
        if isLabel("bv") { baseValue = field.number; return isNumber() }
        if isLabel("bver") { return isNumber() && Self.isKnownVersion(field.number) }
        // A label that ends in _ must be understood (section 4.4); we know none.
        return label.last != UInt8(ascii: "_")
    }

    /// 10 is RFC 8428, lower ones its drafts; RFC 9100 makes it a bitmap in which 16 admits secondary units.
    private static func isKnownVersion(_ number: Double) -> Bool {
        guard let version = Int(exactly: number) else { return false }
        return version <= 10 || version & ~16 == 10
    }

    /// Turns the record into a reading, if it is one of ours.
    mutating func resolve(_ plan: borrowing SenMLPlan) -> Rejection? {
        guard value.kind != .absent || baseValue != nil, name.kind != .absent || value.kind != .absent else { return nil }
        guard let index = column(plan) else { return checkPrefix(at: 0) }
        if let rejection = checkPrefix(at: plan.columns[index].name.count) { return rejection }
        let units = plan.columns[index].units
        let used = unit.kind == .absent ? baseUnit : unit
        if used.kind == .text, !units.isEmpty, !units.contains(where: { used.text(in: bytes).elementsEqual($0) }) {
            return Rejection(.unitMismatch, at: Int(used.start))
        }
        guard let raw = number(plan.columns[index]) else {
            return Rejection(value.kind == .text ? .notInEnum : .notANumber, at: Int(value.start))
        }
        let sum = baseTime + time
        if sum >= Self.firstAbsoluteTime { hasTime = true }
        let seconds = sum < Self.firstAbsoluteTime ? sum + Double(now) / 1_000 : sum
        guard let resolved = Int64(exactly: (seconds * 1_000).rounded()) else { return Rejection(.notATime, at: start) }
        if let rejection = RecordReader(payload: bytes, device: device, now: now).checkTime(resolved, scratch.limits, at: start) {
            return rejection
        }
        let scaled = raw * plan.columns[index].scale + plan.columns[index].offset
        let isValid = (plan.columns[index].low...plan.columns[index].high).contains(scaled)
        newestTime = max(newestTime, resolved)
        let reading = Reading(
            series: SeriesID(UInt32(index)), time: resolved, value: scaled, quality: isValid ? .good : .bad)
        return scratch.append(reading) ? nil : Rejection(.tooManyReadings, at: start)
    }

    private func number(_ column: SenMLPlan.Column) -> Double? {
        switch value.kind {
        case .absent: baseValue
        case .number: value.number + (baseValue ?? 0)
        case .yes: 1
        case .no: 0
        case .text: column.words.first { value.text(in: bytes).elementsEqual($0.word) }?.value
        default: nil
        }
    }

    /// The measurement whose name ends the resolved name (base name + name), standing alone or behind `:` or `/`.
    private func column(_ plan: borrowing SenMLPlan) -> Int? {
        let total = length
        for index in plan.columns.indices {
            let wanted = plan.columns[index].name
            guard total >= wanted.count else { continue }
            let first = total - wanted.count
            guard first == 0 || isSeparator(byte(first - 1)) else { continue }
            if wanted.indices.allSatisfy({ byte(first + $0) == wanted[$0] }) { return index }
        }
        return nil
    }

    /// What stands before the measurement must end in the topic's device.
    private func checkPrefix(at suffix: Int) -> Rejection? {
        guard suffix > 0 else { return nil }
        var end = length - suffix
        while end > 0, isSeparator(byte(end - 1)) { end -= 1 }
        guard end > 0 else { return nil }
        guard end >= device.count, device.indices.allSatisfy({ byte(end - device.count + $0) == device[$0] }),
            end == device.count || isSeparator(byte(end - device.count - 1))
        else { return Rejection(.deviceMismatch, at: Int(baseName.kind == .text ? baseName.start : name.start)) }
        return nil
    }

    private var length: Int { Int(baseName.end - baseName.start) + Int(name.end - name.start) }

    private func byte(_ index: Int) -> UInt8 {
        let base = Int(baseName.end - baseName.start)
        return index < base ? bytes[Int(baseName.start) + index] : bytes[Int(name.start) + index - base]
    }

    private func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/") }
}
