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
        guard payload.count <= scratch.limits.payloadBytes else {
            return Rejection(.tooLarge, at: scratch.limits.payloadBytes)
        }
        guard payload.count > 0 else { return Rejection(.notJSON) }
        var reader = JSONReader(payload, depth: scratch.limits.depth)
        guard reader.peek() == UInt8(ascii: "[") else { return Rejection(.notSenML, at: reader.at) }
        var pack = SenMLPack(bytes: reader.bytes, device: device, now: now, scratch: scratch)
        let went = reader.forEachElement { reader, _, _, _ in
            guard reader.peek() == UInt8(ascii: "{") else { return reader.fail(.notSenML) }
            guard pack.read(&reader, plan) else { return false }
            if let rejection = pack.resolve(plan) {
                return reader.fail(rejection.reason, at: rejection.offset)
            }
            return true
        }
        guard went, reader.finish() else { return reader.rejection ?? Rejection(.notSenML) }
        guard scratch.count > 0 else { return Rejection(.noReadings) }
        guard plan.sequence == nil || pack.sequence >= 0 else { return Rejection(.missingSequence) }
        // A number alone cannot tell a device that counts from 0 again from one that repeats itself.
        message.sequence = pack.hasTime ? pack.sequence : -1
        message.newestTime = pack.newestTime
        message.hasTime = pack.hasTime
        return nil
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

    init(
        bytes: UnsafePointer<UInt8>, device: UnsafeBufferPointer<UInt8>, now: Milliseconds,
        scratch: DecodeScratch
    ) {
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
            if let wanted = plan.sequence, label.elementsEqual(wanted) {
                return pack.keep(sequence: field) ? true : reader.fail(.missingSequence, at: key.lowerBound)
            }
            return pack.keep(label, field) ? true : reader.fail(.notSenML, at: key.lowerBound)
        }
        self = pack
        return went
    }

    private mutating func keep(sequence field: FieldValue) -> Bool {
        guard field.kind == .number, let number = Int64(exactly: field.number), number >= 0 else {
            return false
        }
        sequence = max(sequence, number)
        return true
    }

    private mutating func keep(_ label: UnsafeBufferPointer<UInt8>, _ field: FieldValue) -> Bool {
        func isLabel(_ text: StaticString) -> Bool {
            label.count == text.utf8CodeUnitCount
                && label.elementsEqual(
                    UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
        func isNumber() -> Bool { field.kind == .number }
        func isText() -> Bool { field.kind == .text || field.kind == .escapedText }
        if isLabel("n") { name = field; return isText() }
        if isLabel("v") { value = field; return isNumber() }
        if isLabel("vs") { value = field; return isText() }
        if isLabel("vb") { value = field; return field.kind == .yes || field.kind == .no }
        if isLabel("u") { unit = field; return isText() }
        if isLabel("t") { time = field.number; return isNumber() }
        if isLabel("bn") { baseName = field; return isText() }
        if isLabel("bt") { baseTime = field.number; return isNumber() }
        if isLabel("bu") { baseUnit = field; return isText() }
        if isLabel("bv") { baseValue = field.number; return isNumber() }
        // Data is never a number, also not beside a base value.
        if isLabel("vd") { value.kind = .unusable; return isText() }
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
        guard value.kind != .absent || baseValue != nil, name.kind != .absent || value.kind != .absent else {
            return nil
        }
        guard name.kind == .escapedText || baseName.kind == .escapedText else {
            return resolve(plan, SenMLName(base: baseName.text(in: bytes), own: name.text(in: bytes)))
        }
        let plain = JSONKey.unescape(baseName.text(in: bytes)) + JSONKey.unescape(name.text(in: bytes))
        return plain.withUnsafeBufferPointer {
            resolve(plan, SenMLName(base: $0, own: UnsafeBufferPointer(rebasing: $0[..<0])))
        }
    }

    private mutating func resolve(_ plan: borrowing SenMLPlan, _ resolved: SenMLName) -> Rejection? {
        guard let index = resolved.column(plan) else { return nil }
        guard resolved.isOf(device, before: plan.columns[index].name.count) else {
            return Rejection(.deviceMismatch, at: Int(baseName.kind == .absent ? name.start : baseName.start))
        }
        let units = plan.columns[index].units
        let used = unit.kind == .absent ? baseUnit : unit
        if used.kind != .absent, !units.isEmpty, !units.contains(where: { used.says($0, in: bytes) }) {
            return Rejection(.unitMismatch, at: Int(used.start))
        }
        guard let raw = number(plan.columns[index]) else {
            return Rejection(value.kind == .unusable ? .notANumber : .notInEnum, at: Int(value.start))
        }
        let sum = baseTime + time
        if sum >= Self.firstAbsoluteTime { hasTime = true }
        let seconds = sum < Self.firstAbsoluteTime ? sum + Double(now) / 1_000 : sum
        guard let resolved = Int64(exactly: (seconds * 1_000).rounded()) else {
            return Rejection(.notATime, at: start)
        }
        if let rejection = RecordReader(payload: bytes, device: device, now: now).checkTime(
            resolved, scratch.limits, at: start)
        {
            return rejection
        }
        let scaled = raw * plan.columns[index].scale + plan.columns[index].offset
        guard scaled.isFinite else { return Rejection(.notANumber, at: Int(value.start)) }
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
        case .yes: word(column) ?? 1
        case .no: word(column) ?? 0
        case .text, .escapedText: word(column)
        default: nil
        }
    }

    private func word(_ column: SenMLPlan.Column) -> Double? {
        column.words.first { value.says($0.word, in: bytes) }?.value
    }
}
