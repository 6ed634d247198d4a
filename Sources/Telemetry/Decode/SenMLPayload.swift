/// Decodes SenML (RFC 8428), in JSON the own format of this program.
package enum SenMLPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, _ encoding: SenMLEncoding, plan: borrowing SenMLPlan,
        device: UnsafeBufferPointer<UInt8>, now: Milliseconds, into scratch: DecodeScratch,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.beginWithoutRecords()
        let pack = scratch.pack
        pack.begin(now: now)
        var names = SenMLNames(room: scratch.names)
        var summary = DecodedMessage()
        let rejection = encoding.forEachRecord(payload, scratch.limits, sequence: plan.sequence, pack) {
            pack, bytes in
            let reader = SenMLReadingReader(bytes: bytes, device: device, now: now)
            return reader.read(pack, plan, &names, into: scratch, &summary)
        }
        let sequence = pack.sequence
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

    /// Reads the value, the sum, or both, where the profile has measurements for them.
    @inline(__always)
    func read(
        _ pack: SenMLPack, _ plan: borrowing SenMLPlan, _ names: inout SenMLNames,
        into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        var meaning = SenMLNames.Meaning()
        if let known = names.meaning(pack, in: bytes) {
            meaning = known
        } else if let rejection = learn(pack, plan, &names, &meaning) {
            return rejection
        }
        if meaning.value >= 0, pack.record.value.kind != .absent,
            let rejection = take(pack, pack.record.value, Int(meaning.value), plan, into: scratch, &message)
        {
            return rejection
        }
        guard meaning.sum >= 0, let sum = pack.sum else { return nil }
        let start = Int32(pack.record.start)
        let value = FieldValue(number: sum, start: start, end: start, kind: .number)
        return take(pack, value, Int(meaning.sum), plan, into: scratch, &message)
    }

    /// Finds out what a name means that was not met before.
    private func learn(
        _ pack: SenMLPack, _ plan: borrowing SenMLPlan, _ names: inout SenMLNames,
        _ meaning: inout SenMLNames.Meaning
    ) -> Rejection? {
        if let rejection = pack.checkName(in: bytes) { return rejection }
        meaning = pack.withName(in: bytes) { name in
            SenMLNames.Meaning(
                value: Int32(name.column(plan, sum: false) ?? -1),
                sum: Int32(name.column(plan, sum: true) ?? -1))
        }
        let isValueOurs = isOurs(meaning.value, pack, plan)
        let isSumOurs = isOurs(meaning.sum, pack, plan)
        if isValueOurs, isSumOurs {
            names.note(meaning, pack)
            return nil
        }
        let (hasValue, hasSum) = (pack.record.value.kind != .absent, pack.sum != nil)
        guard hasValue && !isValueOurs || hasSum && !isSumOurs else { return nil }
        let name = pack.baseName.kind == .absent ? pack.record.name : pack.baseName
        return Rejection(.deviceMismatch, at: Int(name.start))
    }

    /// Whether the name is not another device's than the topic says.
    private func isOurs(_ index: Int32, _ pack: SenMLPack, _ plan: borrowing SenMLPlan) -> Bool {
        guard index >= 0, !plan.namesDevices else { return true }
        let suffix = plan.columns[Int(index)].name.count
        return pack.withName(in: bytes) { $0.isOf(device, before: suffix) }
    }

    @inline(__always)
    private func take(
        _ pack: SenMLPack, _ value: FieldValue, _ index: Int, _ plan: borrowing SenMLPlan,
        into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        plan.namesDevices
            ? readOwned(pack, value, index, plan, into: scratch, &message)
            : read(pack, value, index, plan, into: scratch, &message)
    }

    /// Reads a value that says whose it is, by itself: a fault in it takes no other device's readings along.
    private func readOwned(
        _ pack: SenMLPack, _ value: FieldValue, _ index: Int, _ plan: borrowing SenMLPlan,
        into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        let suffix = plan.columns[index].name.count
        let found = pack.withName(in: bytes) { name in
            name.withDevice(before: suffix, in: scratch) { device in
                device.isEmpty ? nil : scratch.directory?.find(device) ?? .unknown
            }
        }
        let first = scratch.count
        switch found {
        case .elsewhere: return nil
        case .unknown: message.refuse(part: Rejection(.unknownDevice, at: pack.nameOffset))
        case nil: message.refuse(part: Rejection(.missingDevice, at: pack.nameOffset))
        case .device(let device):
            var said = DecodedMessage()
            let rejection = read(pack, value, index, plan, into: scratch, &said)
            if rejection?.reason == .tooManyReadings { return rejection }
            if let rejection { message.refuse(part: rejection) }
            guard scratch.count > first else { return nil }
            scratch.own(from: first, device, said)
            message.merge(said)
        }
        return nil
    }

    private func read(
        _ pack: SenMLPack, _ value: FieldValue, _ index: Int, _ plan: borrowing SenMLPlan,
        into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        var (scale, offset) = (plan.columns[index].scale, plan.columns[index].offset)
        let unit = pack.unit
        if unit.kind != .absent {
            guard let spelling = plan.spelling(unit, plan.columns[index].units, in: bytes) else {
                return Rejection(.unitMismatch, at: Int(unit.start))
            }
            (scale, offset) = (spelling.scale, spelling.offset)
        }
        let isData = pack.record.isData && value.kind != .number
        guard let raw = isData ? nil : number(value, plan.columns[index].words, plan) else {
            let isText = !pack.record.isData && plan.columns[index].words.count > 0
            return Rejection(isText ? .notInEnum : .notANumber, at: Int(value.start))
        }
        let scaled = raw * scale + offset
        guard scaled.isFinite else { return Rejection(.notANumber, at: Int(value.start)) }
        let reader = RecordReader(payload: bytes, device: device, now: now)
        if let rejection = reader.checkTime(pack.time, scratch.limits, at: pack.record.start) {
            return rejection
        }
        if pack.isAbsolute { message.hasTime = true }
        message.newestTime = max(message.newestTime, pack.time)
        let isValid = plan.columns[index].low <= scaled && scaled <= plan.columns[index].high
        let reading = Reading(
            series: SeriesID(UInt32(index)), time: pack.time, value: scaled,
            quality: reader.quality(isValid, of: abs(raw)))
        return scratch.append(reading) ? nil : Rejection(.tooManyReadings, at: pack.record.start)
    }

    @inline(__always)
    private func number(_ value: FieldValue, _ words: Range<Int>, _ plan: borrowing SenMLPlan) -> Double? {
        switch value.kind {
        case .number: value.number
        case .yes: plan.word(value, words, in: bytes) ?? 1
        case .no: plan.word(value, words, in: bytes) ?? 0
        case .text, .escapedText, .chunkedText: plan.word(value, words, in: bytes)
        default: nil
        }
    }
}
