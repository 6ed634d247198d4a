/// Turns the fields of a message into readings by a plan; the same step for JSON, CSV and scalars.
struct RecordReader {
    let payload: UnsafePointer<UInt8>
    let device: UnsafeBufferPointer<UInt8>
    let now: Milliseconds
    var decimal = UInt8(ascii: ".")
    /// CSV has no types: every field is text, also the numbers.
    var everythingIsText = false

    /// Reads all records, or the message itself as the one record if the plan has none.
    func read(
        _ plan: borrowing RecordPlan, hasRecords: Bool, into scratch: DecodeScratch,
        _ message: inout DecodedMessage
    )
        -> Rejection?
    {
        let records = hasRecords ? scratch.recordCount : 1
        for index in 0..<records {
            let record = hasRecords ? scratch.record(index, plan) : scratch.message.baseAddress!
            let rejection =
                plan.namesDevices
                ? readOwned(record, plan, into: scratch, &message)
                : read(record, plan, into: scratch, &message)
            if let rejection { return rejection }
        }
        return scratch.count > 0 ? nil : message.partial ?? Rejection(.noReadings)
    }

    func read(
        _ record: UnsafeMutablePointer<FieldValue>, _ plan: borrowing RecordPlan, into scratch: DecodeScratch,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        let outer = scratch.message.baseAddress!
        func field(_ slot: RecordPlan.Slot) -> FieldValue {
            slot.isInRecord ? record[Int(slot.index)] : outer[Int(slot.index)]
        }
        for index in 0..<plan.exceptions.count {
            let exception = plan.exceptions[index]
            if says(field(exception.field), exception, plan) {
                return Rejection(.excluded, at: Int(field(exception.field).start))
            }
        }
        if let slot = plan.device, !plan.namesDevices,
            let rejection = checkDevice(field(slot), plan.devicePrefix)
        {
            return rejection
        }
        if let slot = plan.sequence {
            let claimed = field(slot)
            guard let sequence = sequence(claimed) else {
                return Rejection(.missingSequence, at: Int(claimed.start))
            }
            message.sequence = max(message.sequence, sequence)
        }
        var time = now
        if let slot = plan.time, !plan.timeIsOptional || field(slot).kind != .absent {
            message.hasTime = true
            switch self.time(field(slot), plan.timeFormat, plan.interval) {
            case .success(let found): time = found
            case .failure(let rejection): return rejection
            }
            if let rejection = checkTime(time, scratch.limits, at: Int(field(slot).start)) {
                return rejection
            }
        }
        for index in 0..<plan.columns.count {
            let found = field(plan.columns[index].value)
            // Most are a number and no more; a column is a long value, and is not taken out of its array for that.
            if plan.columns[index].isPlain, let number = plainNumber(found) {
                let value = number * plan.columns[index].scale + plan.columns[index].offset
                guard value.isFinite else { return Rejection(.notANumber, at: found.offset) }
                var reading = Reading(series: SeriesID(UInt32(index)), time: time, value: value)
                reading.quality = quality(
                    plan.columns[index].low <= value && value <= plan.columns[index].high, of: abs(number))
                guard scratch.append(reading) else { return Rejection(.tooManyReadings) }
                message.newestTime = max(message.newestTime, time)
                continue
            }
            if found.kind == .absent, plan.columns[index].fallback.isNaN { continue }
            if let rejection = read(index, record, at: time, plan, into: scratch, &message) {
                return rejection
            }
        }
        return nil
    }

    /// The number of a field of which the profile says nothing; nil if it takes more to find out what is there.
    @inline(__always)
    private func plainNumber(_ field: FieldValue) -> Double? {
        if field.kind == .number { return field.number }
        guard everythingIsText, field.kind == .text else { return nil }
        return NumberScanner.parse(field.text(in: payload), decimal: decimal)
    }

    /// Reads one measurement, whatever its profile says of it.
    private func read(
        _ index: Int, _ record: UnsafeMutablePointer<FieldValue>, at time: Milliseconds,
        _ plan: borrowing RecordPlan, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        let outer = scratch.message.baseAddress!
        func field(_ slot: RecordPlan.Slot) -> FieldValue {
            slot.isInRecord ? record[Int(slot.index)] : outer[Int(slot.index)]
        }
        let column = plan.columns[index]
        let (value, rejection) = number(field(column.value), column, plan)
        if let rejection { return rejection }
        guard let value else { return nil }
        var reading = Reading(series: SeriesID(UInt32(index)), time: time, value: value)
        if let slot = column.denominator {
            let (weight, rejection) = number(field(slot), column, plan)
            if let rejection { return rejection }
            guard let weight, weight > 0 else { return nil }
            reading.weight = weight
            guard value.isFinite, weight.isFinite, (value / weight).isFinite else {
                return Rejection(.notANumber, at: field(column.value).offset)
            }
            // The limits are those of the quotient; its parts are summed apart.
            let isSummable = Measurement.summable.contains(value) && Measurement.summable.contains(weight)
            reading.quality = quality(
                isSummable && (column.low...column.high).contains(value / weight),
                of: max(abs(value), weight))
        } else {
            let unit = column.unit.map(field) ?? .absent
            guard let (scale, offset) = conversion(of: field(column.value), in: unit, column, plan) else {
                let place = unit.kind == .absent ? field(column.value) : unit
                return Rejection(.unitMismatch, at: place.offset)
            }
            reading.value = value * scale + offset
            guard reading.value.isFinite else {
                return Rejection(.notANumber, at: field(column.value).offset)
            }
            reading.quality = quality(
                (column.low...column.high).contains(reading.value), of: abs(value))
        }
        guard scratch.append(reading) else { return Rejection(.tooManyReadings) }
        message.newestTime = max(message.newestTime, time)
        return nil
    }

    /// A number so large that its last digits were lost is kept, but not vouched for.
    func quality(_ isValid: Bool, of magnitude: Double) -> Quality {
        if !isValid { return .bad }
        return magnitude < NumberScanner.firstInexact ? .good : .uncertain
    }

    private func says(
        _ field: FieldValue, _ exception: RecordPlan.Exception, _ plan: borrowing RecordPlan
    ) -> Bool {
        switch field.kind {
        case .absent, .null: false
        case _ where exception.wordCount == 0: true
        case .reduced, .unusable: false
        default: word(field, plan, from: exception.firstWord, count: exception.wordCount) != nil
        }
    }

    /// The field of the device's name, where records say whose they are.
    func owner(
        _ record: UnsafeMutablePointer<FieldValue>, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch
    )
        -> FieldValue
    {
        guard let slot = plan.device else { return .absent }
        return slot.isInRecord ? record[Int(slot.index)] : scratch.message[Int(slot.index)]
    }

    private func checkDevice(_ field: FieldValue, _ prefix: [UInt8]) -> Rejection? {
        guard field.kind == .text || field.kind == .escapedText else {
            return Rejection(.missingDevice, at: Int(field.start))
        }
        return field.names(device, behind: prefix, in: payload)
            ? nil : Rejection(.deviceMismatch, at: Int(field.start))
    }

    private func sequence(_ field: FieldValue) -> Int64? {
        switch field.kind {
        case .number: sequence(field.number, field)
        case .text: NumberScanner.parse(field.text(in: payload)).flatMap { sequence($0, field) }
        default: nil
        }
    }

    /// Two numbers that are one as doubles would be one message.
    private func sequence(_ number: Double, _ field: FieldValue) -> Int64? {
        if number >= NumberScanner.firstInexact { return NumberScanner.whole(field.text(in: payload)) }
        return Int64(exactly: number).flatMap { $0 >= 0 ? $0 : nil }
    }

    private func time(_ field: FieldValue, _ format: TimeFormat, _ interval: IntervalEdge?)
        -> Result<Milliseconds, Rejection>
    {
        func read(_ text: UnsafeBufferPointer<UInt8>) -> Milliseconds? {
            interval.map { $0.milliseconds(text, format) } ?? format.milliseconds(text: text)
        }
        let time: Milliseconds?
        switch field.kind {
        case .absent, .null: return .failure(Rejection(.missingTime))
        case .number: time = format.milliseconds(number: field.number)
        case .text where everythingIsText && field.start == field.end:
            return .failure(Rejection(.missingTime))
        case .text: time = read(field.text(in: payload))
        // Some libraries write every `/` of a date as `\/`.
        case .escapedText:
            time = JSONKey.unescape(field.text(in: payload)).withUnsafeBufferPointer(read)
        default: time = nil
        }
        return time.map { .success($0) } ?? .failure(Rejection(.notATime, at: Int(field.start)))
    }

    func checkTime(_ time: Milliseconds, _ limits: DecodeLimits, at offset: Int) -> Rejection? {
        let known = WindowSums.times
        if time > min(now + limits.future, known.upperBound - 1) {
            return Rejection(.timeInFuture, at: offset)
        }
        if time < max(now - limits.retention, known.lowerBound) { return Rejection(.tooOld, at: offset) }
        return nil
    }

    /// The number of a field; nil without a rejection means that there is nothing to read.
    private func number(_ field: FieldValue, _ column: RecordPlan.Column, _ plan: borrowing RecordPlan)
        -> (Double?, Rejection?)
    {
        if plan.isSentinel(field, column.sentinels, in: payload) { return (nil, nil) }
        switch field.kind {
        case .absent, .null: return (column.fallback.isNaN ? nil : column.fallback, nil)
        case .number: return column.wordCount > 0 ? enumerated(field, plan, column) : (field.number, nil)
        case .no: return (word(field, plan, column) ?? 0, nil)
        case .yes: return (word(field, plan, column) ?? 1, nil)
        case .reduced: return ((column.reduction ?? .last).result(of: field), nil)
        case .unusable, .chunkedText, .data, .chunkedData:
            return (nil, Rejection(.notANumber, at: Int(field.start)))
        case .escapedText where column.wordCount > 0: return enumerated(field, plan, column)
        case .escapedText: return (nil, Rejection(.notANumber, at: Int(field.start)))
        case .text:
            if everythingIsText, field.start == field.end {
                return (column.fallback.isNaN ? nil : column.fallback, nil)
            }
            if column.wordCount > 0 { return enumerated(field, plan, column) }
            guard column.numbersAreText || everythingIsText,
                let value = NumberScanner.parse(
                    field.text(in: payload), decimal: everythingIsText ? decimal : column.decimal)
            else { return (nil, Rejection(.notANumber, at: Int(field.start))) }
            return (plan.isSentinel(value, column.sentinels) ? nil : value, nil)
        }
    }

    /// What makes a raw value the measurement's; nil if the payload names a unit that does not fit, or none and must.
    private func conversion(
        of value: FieldValue, in unit: FieldValue, _ column: RecordPlan.Column, _ plan: borrowing RecordPlan
    ) -> (scale: Double, offset: Double)? {
        // A default is the profile's: no unit of the payload's is its own.
        if column.unit == nil || isMissing(value) { return (column.scale, column.offset) }
        if isMissing(unit) { return column.needsUnit ? nil : (column.scale, column.offset) }
        switch unit.kind {
        // A common code may be a number, like 59.
        case .text, .number: return spelling(unit.text(in: payload), column, plan)
        case .escapedText:
            // Undone once, not once for each spelling: some libraries write every `/` as `\/`.
            let plain = JSONKey.unescape(unit.text(in: payload))
            return plain.withUnsafeBufferPointer { spelling($0, column, plan) }
        default: return nil
        }
    }

    private func isMissing(_ field: FieldValue) -> Bool {
        field.kind == .absent || field.kind == .null
            || (everythingIsText && field.kind == .text && field.start == field.end)
    }

    private func spelling(
        _ text: UnsafeBufferPointer<UInt8>, _ column: RecordPlan.Column, _ plan: borrowing RecordPlan
    ) -> (scale: Double, offset: Double)? {
        for index in Int(column.firstUnit)..<Int(column.firstUnit + column.unitCount) {
            let unit = plan.units[index]
            let isSame = plan.wordBytes.withUnsafeBufferPointer { bytes in
                text.elementsEqual(
                    UnsafeBufferPointer(rebasing: bytes[Int(unit.start)..<Int(unit.start + unit.count)]))
            }
            if isSame { return (unit.scale, unit.offset) }
        }
        return nil
    }

    private func enumerated(_ field: FieldValue, _ plan: borrowing RecordPlan, _ column: RecordPlan.Column)
        -> (Double?, Rejection?)
    {
        guard let value = word(field, plan, column) ?? named(field, plan, column) else {
            return (nil, Rejection(.notInEnum, at: Int(field.start)))
        }
        return (value, nil)
    }

    /// A number of a binary payload, which has no words: the enum only says which numbers there are, and their names.
    private func named(_ field: FieldValue, _ plan: borrowing RecordPlan, _ column: RecordPlan.Column)
        -> Double?
    {
        guard field.kind == .number, field.start == field.end else { return nil }
        let words = Int(column.firstWord)..<Int(column.firstWord + column.wordCount)
        return words.contains { plan.words[$0].value == field.number } ? field.number : nil
    }

    /// A word of the enum by its bytes; numbers and booleans may be words, too (`{"0": 0}`, `{"true": 0}`).
    private func word(_ field: FieldValue, _ plan: borrowing RecordPlan, _ column: RecordPlan.Column)
        -> Double?
    {
        word(field, plan, from: column.firstWord, count: column.wordCount)
    }

    private func word(
        _ field: FieldValue, _ plan: borrowing RecordPlan, from first: Int32, count: Int32
    ) -> Double? {
        for index in Int(first)..<Int(first + count) {
            let word = plan.words[index]
            let isSame = plan.wordBytes.withUnsafeBufferPointer { bytes in
                let wanted = UnsafeBufferPointer(
                    rebasing: bytes[Int(word.start)..<Int(word.start + word.count)])
                return field.says(wanted, in: payload)
            }
            if isSame { return word.value }
        }
        return nil
    }
}
