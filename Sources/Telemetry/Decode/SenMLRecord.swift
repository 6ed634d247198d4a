/// The fields of one SenML record as they were written, before base fields are added.
struct SenMLRecord: BitwiseCopyable {
    /// Where it stands in the payload.
    private(set) var start: Int
    /// Whether any of the six is there.
    private(set) var hasBase = false
    private(set) var baseName = FieldValue.absent
    private(set) var baseTime = FieldValue.absent
    private(set) var baseUnit = FieldValue.absent
    private(set) var baseValue = FieldValue.absent
    private(set) var baseSum = FieldValue.absent
    private(set) var baseVersion = FieldValue.absent
    private(set) var name = FieldValue.absent
    private(set) var unit = FieldValue.absent
    /// `v`, `vs`, `vb` or `vd`.
    private(set) var value = FieldValue.absent
    /// Whether the value is data (`vd`): bytes, or a text that stands for bytes.
    private(set) var isData = false
    private(set) var sum = FieldValue.absent
    private(set) var time = FieldValue.absent
    private(set) var updateTime = FieldValue.absent
    /// The device's own message number, an extension of ours; negative if there is none.
    private(set) var sequence: Int64 = -1

    init(start: Int) { self.start = start }

    /// Begins the next record in the place of this one.
    mutating func begin(at start: Int) {
        guard !hasBase else {
            self = SenMLRecord(start: start)
            return
        }
        self.start = start
        name = .absent
        unit = .absent
        value = .absent
        isData = false
        sum = .absent
        time = .absent
        updateTime = .absent
        sequence = -1
    }

    /// Adds a base value to its own, or puts it in its place.
    mutating func add(baseValue: Double) {
        if value.kind == .number {
            value.number += baseValue
        } else if value.kind == .absent {
            value = FieldValue(number: baseValue, start: Int32(start), end: Int32(start), kind: .number)
        }
    }

    /// Whether it has fields of its own beside those that hold for others, too.
    @inline(__always)
    var isBaseOnly: Bool {
        name.kind == .absent && unit.kind == .absent && value.kind == .absent && sum.kind == .absent
            && time.kind == .absent && updateTime.kind == .absent
    }

    /// - Returns: why the field cannot be used, nil if it can.
    @inline(never)
    mutating func keep(_ label: SenMLLabel, _ field: FieldValue, in bytes: UnsafePointer<UInt8>)
        -> RejectionReason?
    {
        if label.isBase { hasBase = true }
        return switch label {
        case .baseName: Self.keep(field, field.isText, in: &baseName)
        case .baseUnit: Self.keep(field, field.isText, in: &baseUnit)
        case .name: Self.keep(field, field.isText, in: &name)
        case .unit: Self.keep(field, field.isText, in: &unit)
        case .baseTime: Self.keep(number: field, in: &baseTime)
        case .baseValue: Self.keep(number: field, in: &baseValue)
        case .baseSum: Self.keep(number: field, in: &baseSum)
        case .baseVersion: Self.keep(number: field, in: &baseVersion)
        case .sum: Self.keep(number: field, in: &sum)
        case .time: Self.keep(number: field, in: &time)
        case .updateTime: Self.keep(number: field, in: &updateTime)
        case .value, .textValue, .booleanValue, .dataValue: keep(value: field, label, in: bytes)
        }
    }

    /// - Parameter number: exact; nil if the field is no message number.
    mutating func keep(sequence number: Int64?) -> RejectionReason? {
        guard let number, number >= 0 else { return .missingSequence }
        guard sequence < 0 else { return .duplicateKey }
        sequence = number
        return nil
    }

    private static func keep(_ field: FieldValue, _ isAllowed: Bool, in place: inout FieldValue)
        -> RejectionReason?
    {
        guard isAllowed else { return .notSenML }
        guard place.kind == .absent else { return .duplicateKey }
        place = field
        return nil
    }

    private static func keep(number field: FieldValue, in place: inout FieldValue) -> RejectionReason? {
        // CBOR can write NaN and infinities.
        if field.kind == .number, !field.number.isFinite { return .notANumber }
        return keep(field, field.kind == .number, in: &place)
    }

    /// There is one value at most (section 4.2).
    private mutating func keep(value field: FieldValue, _ label: SenMLLabel, in bytes: UnsafePointer<UInt8>)
        -> RejectionReason?
    {
        guard value.kind == .absent else { return .notSenML }
        switch label {
        case .value: return Self.keep(number: field, in: &value)
        case .textValue: return Self.keep(field, field.isText, in: &value)
        case .booleanValue: return Self.keep(field, field.kind == .yes || field.kind == .no, in: &value)
        default:
            guard field.kind == .data || field.kind == .chunkedData || Self.isBase64(field, in: bytes) else {
                return .notSenML
            }
            value = field
            isData = true
            return nil
        }
    }

    /// Base64 with the alphabet of URLs and without padding (section 5). Some writers of CBOR use it, too.
    private static func isBase64(_ field: FieldValue, in bytes: UnsafePointer<UInt8>) -> Bool {
        guard field.isText, !field.isIndirect else { return false }
        let text = field.text(in: bytes)
        return text.count % 4 != 1
            && text.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
