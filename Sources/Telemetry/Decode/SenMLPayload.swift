/// Decodes SenML (RFC 8428), in JSON the own format of this program.
package enum SenMLPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, _ encoding: SenMLEncoding, plan: borrowing SenMLPlan,
        device: UnsafeBufferPointer<UInt8>, now: Milliseconds, into scratch: DecodeScratch,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.beginWithoutRecords()
        var pack = SenMLPack(now: now)
        var resolved: SenMLPack.Resolved?
        var sequence: Int64 = -1
        var summary = DecodedMessage()
        let rejection = encoding.forEachRecord(payload, scratch.limits, sequence: plan.sequence) {
            record, bytes in
            sequence = max(sequence, record.sequence)
            if let rejection = pack.resolve(record, in: bytes, into: &resolved) { return rejection }
            guard let resolved else { return nil }
            let reader = SenMLReadingReader(bytes: bytes, device: device, now: now, scratch: scratch)
            return reader.read(resolved, plan, &summary)
        }
        if let rejection { return rejection }
        guard scratch.count > 0 else { return summary.partial ?? Rejection(.noReadings) }
        guard plan.sequence == nil || sequence >= 0 else { return Rejection(.missingSequence) }
        message = summary
        // A number alone cannot tell a device that counts from 0 again from one that repeats itself.
        message.sequence = message.hasTime ? sequence : -1
        if plan.namesDevices { scratch.number(sequence) }
        return nil
    }
}

/// Turns resolved records into readings of a profile's measurements.
private struct SenMLReadingReader {
    let bytes: UnsafePointer<UInt8>
    let device: UnsafeBufferPointer<UInt8>
    let now: Milliseconds
    let scratch: DecodeScratch

    /// Reads the value, the sum, or both, where the profile has measurements for them.
    @inline(__always)
    func read(
        _ resolved: SenMLPack.Resolved, _ plan: borrowing SenMLPlan, _ message: inout DecodedMessage
    ) -> Rejection? {
        if resolved.value.kind != .absent, let index = column(resolved, plan, sum: false) {
            if let rejection = take(resolved, resolved.value, index, plan, &message) { return rejection }
        }
        if let sum = resolved.sum, let index = column(resolved, plan, sum: true) {
            let start = Int32(resolved.start)
            let value = FieldValue(number: sum, start: start, end: start, kind: .number)
            if let rejection = take(resolved, value, index, plan, &message) { return rejection }
        }
        return nil
    }

    @inline(__always)
    private func take(
        _ resolved: SenMLPack.Resolved, _ value: FieldValue, _ index: Int, _ plan: borrowing SenMLPlan,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        if plan.namesDevices { return readOwned(resolved, value, index, plan, &message) }
        guard resolved.withName(in: bytes, { $0.isOf(device, before: plan.columns[index].name.count) }) else {
            let name = resolved.baseName.kind == .absent ? resolved.name : resolved.baseName
            return Rejection(.deviceMismatch, at: Int(name.start))
        }
        return read(resolved, value, index, plan, &message)
    }

    /// Reads a value that says whose it is, by itself: a fault in it takes no other device's readings along.
    private func readOwned(
        _ resolved: SenMLPack.Resolved, _ value: FieldValue, _ index: Int, _ plan: borrowing SenMLPlan,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        let found = resolved.withName(in: bytes) { name in
            name.withDevice(before: plan.columns[index].name.count, in: scratch) { device in
                device.isEmpty ? nil : scratch.directory?.find(device) ?? .unknown
            }
        }
        let first = scratch.count
        switch found {
        case .elsewhere: return nil
        case .unknown: message.refuse(part: Rejection(.unknownDevice, at: resolved.nameOffset))
        case nil: message.refuse(part: Rejection(.missingDevice, at: resolved.nameOffset))
        case .device(let device):
            var said = DecodedMessage()
            let rejection = read(resolved, value, index, plan, &said)
            if rejection?.reason == .tooManyReadings { return rejection }
            if let rejection { message.refuse(part: rejection) }
            guard scratch.count > first else { return nil }
            scratch.own(from: first, device, said)
            message.merge(said)
        }
        return nil
    }

    @inline(__always)
    private func column(_ resolved: SenMLPack.Resolved, _ plan: borrowing SenMLPlan, sum: Bool) -> Int? {
        resolved.withName(in: bytes) { $0.column(plan, sum: sum) }
    }

    private func read(
        _ resolved: SenMLPack.Resolved, _ value: FieldValue, _ index: Int, _ plan: borrowing SenMLPlan,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        let column = plan.columns[index]
        var (scale, offset) = (column.scale, column.offset)
        if resolved.unit.kind != .absent {
            guard let spelling = plan.spelling(resolved.unit, column.units, in: bytes) else {
                return Rejection(.unitMismatch, at: Int(resolved.unit.start))
            }
            (scale, offset) = (spelling.scale, spelling.offset)
        }
        guard let raw = resolved.isData && value.kind != .number ? nil : number(value, column, plan) else {
            let isText = !resolved.isData && column.words.count > 0
            return Rejection(isText ? .notInEnum : .notANumber, at: Int(value.start))
        }
        let scaled = raw * scale + offset
        guard scaled.isFinite else { return Rejection(.notANumber, at: Int(value.start)) }
        let reader = RecordReader(payload: bytes, device: device, now: now)
        if let rejection = reader.checkTime(resolved.time, scratch.limits, at: resolved.start) {
            return rejection
        }
        if resolved.isAbsolute { message.hasTime = true }
        message.newestTime = max(message.newestTime, resolved.time)
        let quality = reader.quality((column.low...column.high).contains(scaled), of: abs(raw))
        let reading = Reading(
            series: SeriesID(UInt32(index)), time: resolved.time, value: scaled, quality: quality)
        return scratch.append(reading) ? nil : Rejection(.tooManyReadings, at: resolved.start)
    }

    @inline(__always)
    private func number(_ value: FieldValue, _ column: SenMLPlan.Column, _ plan: borrowing SenMLPlan)
        -> Double?
    {
        switch value.kind {
        case .number: value.number
        case .yes: plan.word(value, column.words, in: bytes) ?? 1
        case .no: plan.word(value, column.words, in: bytes) ?? 0
        case .text, .escapedText, .chunkedText: plan.word(value, column.words, in: bytes)
        default: nil
        }
    }
}
