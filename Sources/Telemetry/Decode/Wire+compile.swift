extension Wire {
    /// What the hot path reads with.
    /// - Parameter measurements: one per field, in the same order.
    /// - Throws: the first pointer that is none; `ioc check` has named them all before.
    package func compile(for measurements: [Measurement]) throws(FieldPath.Mistake) -> PayloadFormat {
        let format = try content(measurements)
        return compression.map { .packed($0, format) } ?? format
    }

    private func content(_ measurements: [Measurement]) throws(FieldPath.Mistake) -> PayloadFormat {
        precondition(measurements.count == fields.count, "one field per measurement")
        if let encoding = form.senMLEncoding { return .senml(Kept(senMLPlan(measurements)), encoding) }
        var builder = try RecordPlanBuilder(form: form, records: recordsField)
        builder.plan.timeFormat = timeFormat
        builder.plan.interval = interval
        builder.plan.time = form.ownTimeFormat == nil ? try builder.slot(timeField) : builder.addOwnTime()
        builder.plan.sequence = try builder.slot(sequenceField)
        if form == .lineProtocol {
            builder.plan.deviceTag = deviceField.map { Array($0.utf8) }
        } else {
            builder.plan.device = try builder.device(deviceField)
        }
        builder.plan.devicePrefix = Array(devicePrefix.utf8)
        builder.plan.namesDevices = namesDevices
        builder.plan.payload = try builder.slot(payloadField)
        for (field, words) in exceptions {
            if let slot = try builder.slot(field) { builder.plan.addException(slot, says: words) }
        }
        for (field, measurement) in zip(fields, measurements) { try builder.add(field, measurement) }
        let plan = Kept(builder.build())
        switch form {
        case .scalar: return .scalar(plan)
        case .csv: return .csv(plan, dialect)
        case .lineProtocol: return .lineProtocol(plan)
        case .ultraLight: return .ultraLight(plan)
        case .cayenneLPP: return .cayenneLPP(plan)
        case .sparkplug: return .sparkplug(plan)
        case .json, .senml, .senmlCBOR: return .json(plan)
        }
    }

    private func senMLPlan(_ measurements: [Measurement]) -> SenMLPlan {
        var plan = SenMLPlan(sequence: sequenceField, namesDevices: namesDevices)
        for (field, measurement) in zip(fields, measurements) {
            var field = field
            // Profiles that are no files, as tests have them, name no units.
            if field.unitSpellings.isEmpty, let unit = Unit.ucum(measurement.unit) {
                _ = field.convertSenML(to: unit)
            }
            plan.add(field, name: field.field ?? measurement.name, limits: measurement.hardLimits)
        }
        return plan
    }
}

extension Measurement {
    /// Without limits of its own every number is valid, but what overflowed to infinity is none.
    fileprivate var hardLimits: ClosedRange<Double> { valid ?? Self.summable }

    /// Far beyond anything measured, and still so small that sums of squares stay finite.
    static let summable = -1e100...1e100
}

extension Wire {
    /// Whether records say whose they are.
    package var saysOwners: Bool {
        switch form {
        case .senml, .senmlCBOR: true
        case .json: deviceField != nil || standsOwnerAboveRecords
        case .csv, .lineProtocol: deviceField != nil
        case .scalar, .ultraLight, .cayenneLPP, .sparkplug: false
        }
    }

    /// Whether the name of a device stands above its records, so that there are several in a payload.
    package var standsOwnerAboveRecords: Bool {
        guard form == .json, let records = recordsField.flatMap({ try? FieldPath(records: $0) }) else {
            return false
        }
        return records.ownerLevels != nil
    }
}

extension Wire.Form {
    /// How a SenML pack is written; nil for other formats.
    package var senMLEncoding: SenMLEncoding? {
        switch self {
        case .senml: .json
        case .senmlCBOR: .cbor
        default: nil
        }
    }

    /// How times are written in formats whose records have a place for one; nil for the others.
    package var ownTimeFormat: TimeFormat? {
        switch self {
        case .lineProtocol: .unixNanoseconds
        case .ultraLight: .iso8601
        case .sparkplug: .unixMilliseconds
        default: nil
        }
    }

    /// Whether a payload of this form is bytes and no text, so that it may stand as base64 in a JSON message.
    package var isBinary: Bool { self == .cayenneLPP }

    /// Whether a field is a pointer into JSON: the whole payload, or the message around a binary one.
    package func isPointer(_ field: String) -> Bool {
        self == .json || isBinary && field.utf8.first == UInt8(ascii: "/")
    }
}

/// Gives every field of a profile its slot.
private struct RecordPlanBuilder {
    /// What tells two slots apart. How values are reduced does so only where there are several.
    private struct Key: Hashable {
        var name: String
        var isMany: Bool
        var reduction: Reduction?
        var numbersAreText: Bool
        var decimal: UInt8
        var sentinels: [String]
    }

    var plan = RecordPlan()
    private let form: Wire.Form
    private let records: FieldPath?
    private var slots: [Key: RecordPlan.Slot] = [:]
    private var paths = JSONPathTree.Builder()

    init(form: Wire.Form, records: String?) throws(FieldPath.Mistake) {
        self.form = form
        guard let records else {
            self.records = nil
            return
        }
        let path = try FieldPath(records: records)
        paths.addRecords(at: path)
        self.records = path
    }

    mutating func add(_ field: Wire.Field, _ measurement: Measurement) throws(FieldPath.Mistake) {
        let isRatio = measurement.kind == .ratio
        let limits = measurement.hardLimits
        let value = try slot(isRatio ? field.numerator : field.field ?? "", field)
        var column = RecordPlan.Column(value: value!)
        if isRatio { column.denominator = try slot(field.denominator, field) }
        column.scale = field.scale
        column.offset = field.offset
        column.low = limits.lowerBound
        column.high = limits.upperBound
        column.fallback = field.fallback ?? .nan
        column.numbersAreText = field.numbersAreText
        column.decimal = field.decimal
        column.sentinels = plan.addSentinels(field.sentinels)
        column.reduction = field.reduction
        (column.firstWord, column.wordCount) = plan.addWords(field.words)
        if let unit = try slot(field.unitField) {
            column.unit = unit
            column.needsUnit = field.needsUnit
            (column.firstUnit, column.unitCount) = plan.addUnits(field.unitSpellings)
        }
        plan.columns.append(column)
    }

    /// The slot of a field, nil if there is no field.
    mutating func slot(_ name: String?, _ field: Wire.Field = Wire.Field()) throws(FieldPath.Mistake)
        -> RecordPlan.Slot?
    {
        guard let name else { return nil }
        let path = form.isPointer(name) ? try FieldPath(name, records: records) : nil
        let isMany = path?.isMany ?? false
        let key = Key(
            name: name, isMany: isMany, reduction: isMany ? field.reduction : nil,
            numbersAreText: isMany && field.numbersAreText, decimal: isMany ? field.decimal : 0,
            sentinels: isMany ? field.sentinels : [])
        if let known = slots[key] { return known }
        let isNamed = path == nil && form != .scalar
        let slot = newSlot(isInRecord: isNamed || path?.isInRecord ?? false)
        slots[key] = slot
        if isNamed { plan.names.add(try spelled(name), slot: Int(slot.index)) }
        if let path {
            paths.add(
                path.tokens, slot: slot, reduction: key.reduction, numbersAreText: key.numbersAreText,
                decimal: key.decimal,
                sentinels: plan.addSentinels(key.sentinels))
        }
        return slot
    }

    /// The bytes by which a payload's fields are looked up.
    private func spelled(_ name: String) throws(FieldPath.Mistake) -> [UInt8] {
        guard form == .cayenneLPP else { return Array(name.utf8) }
        guard let field = CayenneLPPField(name) else { throw .noCayenneField(name) }
        return field.key
    }

    /// The slot of the device's name: of each record, if it stands above several.
    mutating func device(_ name: String?) throws(FieldPath.Mistake) -> RecordPlan.Slot? {
        if let records, records.isKeyedByDevice { return newSlot(isInRecord: true) }
        guard let path = name.flatMap({ FieldPath(owner: $0, above: records) }) else { return try slot(name) }
        paths.addOwner(at: path.tokens)
        return newSlot(isInRecord: true)
    }

    /// The slot of the time that every record has a place for.
    mutating func addOwnTime() -> RecordPlan.Slot {
        plan.timeIsOptional = true
        return newSlot(isInRecord: true)
    }

    private mutating func newSlot(isInRecord: Bool) -> RecordPlan.Slot {
        let index = isInRecord ? plan.recordSlots : plan.messageSlots
        if isInRecord { plan.recordSlots += 1 } else { plan.messageSlots += 1 }
        return RecordPlan.Slot(index: index, isInRecord: isInRecord)
    }

    func build() -> RecordPlan {
        var plan = plan
        plan.paths = paths.build()
        return plan
    }
}
