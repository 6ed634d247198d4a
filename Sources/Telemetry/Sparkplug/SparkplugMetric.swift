/// One metric of a Sparkplug B payload (sparkplug_b.proto, `Payload.Metric`).
struct SparkplugMetric: BitwiseCopyable {
    enum Value: BitwiseCopyable {
        /// There is none, or one of a kind that is no scalar: data sets, templates, bytes.
        case none, unusable
        /// `int_value` or `long_value`: how to read its bits says the datatype.
        case integer(UInt64)
        case number(Double)
        case boolean(Bool)
        /// The text stands there.
        case text(start: Int32, end: Int32)
    }

    /// Where it stands in the payload.
    let offset: Int
    private(set) var nameStart = 0
    private(set) var nameEnd = -1
    private(set) var alias: UInt64?
    /// Unix milliseconds.
    private(set) var time: UInt64?
    /// 0 if it does not say; DATA does not, the birth did.
    private(set) var datatype: UInt32 = 0
    private(set) var isHistorical = false
    private(set) var isTransient = false
    private(set) var isNull = false
    private(set) var quality = Quality.good
    private(set) var value = Value.none

    var hasName: Bool { nameEnd >= 0 }

    func name(in bytes: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: bytes + nameStart, count: max(nameEnd - nameStart, 0))
    }

    /// - Returns: nil with `fault` set if it is no metric.
    init?(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, fault: inout Int?) {
        offset = range.lowerBound
        var reader = ProtobufReader(bytes, range)
        while let field = reader.next() {
            let isBytes = field.content == .bytes
            switch field.number {
            case 1 where isBytes: (nameStart, nameEnd) = (field.start, field.end)
            case 2 where !isBytes: alias = field.bits
            case 3 where !isBytes: time = field.bits
            case 4 where !isBytes: datatype = UInt32(truncatingIfNeeded: field.bits)
            case 5 where !isBytes: isHistorical = field.bits != 0
            case 6 where !isBytes: isTransient = field.bits != 0
            case 7 where !isBytes: isNull = field.bits != 0
            case 9 where isBytes:
                if let found = Self.quality(bytes, field.start..<field.end, &fault) { quality = found }
            case 10 where !isBytes: value = .integer(field.bits & 0xFFFF_FFFF)
            case 11 where !isBytes: value = .integer(field.bits)
            case 12 where !isBytes:
                value = .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: field.bits))))
            case 13 where !isBytes: value = .number(Double(bitPattern: field.bits))
            case 14 where !isBytes: value = .boolean(field.bits != 0)
            case 15 where isBytes: value = .text(start: Int32(field.start), end: Int32(field.end))
            case 16, 17, 18, 19: value = .unusable
            case 1...15:
                // A field of the message in another type than it has.
                fault = field.start
                return nil
            default: break
            }
        }
        fault = fault ?? reader.fault
        if fault != nil { return nil }
    }

    /// The property `Quality`, an Int32 (Sparkplug 3.0 section 6.4.7): 192 is good, 500 stale, 0 bad.
    private static func quality(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, _ fault: inout Int?)
        -> Quality?
    {
        var wanted: Int?
        var keys = 0
        var reader = ProtobufReader(bytes, range)
        while let field = reader.next() {
            guard field.number == 1, field.content == .bytes else { continue }
            let key = UnsafeBufferPointer(start: bytes + field.start, count: field.end - field.start)
            if key.elementsEqual("Quality".utf8) { wanted = keys }
            keys += 1
        }
        fault = fault ?? reader.fault
        guard let wanted, fault == nil else { return nil }
        var values = 0
        reader = ProtobufReader(bytes, range)
        while let field = reader.next() {
            guard field.number == 2, field.content == .bytes else { continue }
            if values == wanted { return quality(ofValue: bytes, field.start..<field.end) }
            values += 1
        }
        return nil
    }

    private static func quality(ofValue bytes: UnsafePointer<UInt8>, _ range: Range<Int>) -> Quality? {
        var reader = ProtobufReader(bytes, range)
        while let field = reader.next() {
            guard field.number == 3 || field.number == 4, field.content == .number else { continue }
            switch field.bits {
            case 192: return .good
            case 500: return .uncertain
            default: return .bad
            }
        }
        return nil
    }

    /// As a plan's field sees it.
    /// - Parameter datatype: the metric's own or, where it says none, that of its birth.
    func field(_ datatype: UInt32) -> FieldValue {
        let start = Int32(offset)
        func number(_ number: Double) -> FieldValue {
            FieldValue(number: number, start: start, end: start, kind: .number)
        }
        if isNull { return FieldValue(start: start, end: start, kind: .null) }
        switch value {
        case .none: return FieldValue(start: start, end: start, kind: .null)
        case .unusable: return FieldValue(start: start, end: start, kind: .unusable)
        case .integer(let bits): return number(Self.integer(bits, datatype))
        case .number(let value): return number(value)
        case .boolean(let isTrue): return FieldValue(start: start, end: start, kind: isTrue ? .yes : .no)
        case .text(let first, let last): return FieldValue(number: 0, start: first, end: last, kind: .text)
        }
    }

    /// Negative Int8, Int16 and Int32 travel as two's complement in an unsigned field, of 32 bits or fewer.
    static func integer(_ bits: UInt64, _ datatype: UInt32) -> Double {
        switch datatype {
        case 1: Double(Int8(truncatingIfNeeded: bits))
        case 2: Double(Int16(truncatingIfNeeded: bits))
        case 3: Double(Int32(truncatingIfNeeded: bits))
        case 4: Double(Int64(bitPattern: bits))
        default: Double(bits)
        }
    }
}
