/// What base fields carry from record to record: each until it appears again (RFC 8428 section 4.1).
struct SenMLPack {
    let now: Milliseconds
    private var baseName = FieldValue.absent
    private var baseTime = 0.0
    private var baseUnit = FieldValue.absent
    private var baseValue: Double?
    private var baseSum: Double?
    private var version: Double?

    /// Below this a sum of times is relative to now (section 4.5.3).
    private static let firstAbsoluteTime = 268_435_456.0

    init(now: Milliseconds) { self.now = now }

    /// A record with what base fields add to it (section 4.6).
    struct Resolved: BitwiseCopyable {
        var baseName: FieldValue
        var name: FieldValue
        var unit: FieldValue
        var time: Milliseconds
        /// Whether its time does not depend on when the pack came.
        var isAbsolute: Bool
        /// Absent if there is a sum alone.
        var value: FieldValue
        /// Whether the value is bytes, or a text that stands for bytes.
        var isData: Bool
        var sum: Double?
        var updateTime: Double?
        /// Where the record stands.
        var start: Int

        /// Where its name stands, for faults.
        var nameOffset: Int {
            name.kind != .absent ? Int(name.start) : baseName.kind != .absent ? Int(baseName.start) : start
        }
    }

    /// Takes a record's base fields over, and adds what holds to its own.
    /// - Parameter resolved: nil afterwards if the record has neither value nor sum: it is there for its base fields.
    mutating func resolve(
        _ record: borrowing SenMLRecord, in bytes: UnsafePointer<UInt8>, into resolved: inout Resolved?
    ) -> Rejection? {
        resolved = nil
        if let rejection = takeBase(record) { return rejection }
        guard !record.isBaseOnly else { return nil }
        var value = record.value
        if value.kind == .number {
            value.number += baseValue ?? 0
        } else if value.kind == .absent, let baseValue {
            value = FieldValue(
                number: baseValue, start: Int32(record.start), end: Int32(record.start), kind: .number)
        }
        let sum = record.sum.kind == .absent ? baseSum : record.sum.number + (baseSum ?? 0)
        guard value.kind != .absent || sum != nil else { return nil }
        let seconds = baseTime + (record.time.kind == .absent ? 0 : record.time.number)
        let isAbsolute = seconds >= Self.firstAbsoluteTime
        let exact = (isAbsolute ? seconds : seconds + Double(now) / 1_000) * 1_000
        guard let time = Milliseconds(exactly: exact.rounded()) else {
            return Rejection(
                .notATime, at: record.time.kind == .absent ? record.start : Int(record.time.start))
        }
        let found = Resolved(
            baseName: baseName, name: record.name, unit: record.unit.kind == .absent ? baseUnit : record.unit,
            time: time, isAbsolute: isAbsolute, value: value, isData: record.isData, sum: sum,
            updateTime: record.updateTime.kind == .absent ? nil : record.updateTime.number,
            start: record.start)
        let isNamed = found.withName(in: bytes) { $0.isValid }
        guard isNamed else { return Rejection(.notSenML, at: found.nameOffset) }
        resolved = found
        return nil
    }

    private mutating func takeBase(_ record: borrowing SenMLRecord) -> Rejection? {
        if record.baseName.kind != .absent { baseName = record.baseName }
        if record.baseTime.kind != .absent { baseTime = record.baseTime.number }
        if record.baseUnit.kind != .absent { baseUnit = record.baseUnit }
        if record.baseValue.kind != .absent { baseValue = record.baseValue.number }
        if record.baseSum.kind != .absent { baseSum = record.baseSum.number }
        guard record.baseVersion.kind != .absent else { return nil }
        let number = record.baseVersion.number
        // All records of a pack are of one version (section 4.4).
        guard Self.isKnown(version: number), version == nil || version == number else {
            return Rejection(.notSenML, at: Int(record.baseVersion.start))
        }
        version = number
        return nil
    }

    /// 10 is RFC 8428, lower ones its drafts; RFC 9100 makes it a bitmap in which 16 admits secondary units.
    private static func isKnown(version number: Double) -> Bool {
        guard let version = Int(exactly: number), version > 0 else { return false }
        return version <= 10 || version & ~16 == 10
    }
}

extension SenMLPack.Resolved {
    /// The resolved name. Undoing escapes allocates; they are rare.
    @inline(__always)
    func withName<Result>(in bytes: UnsafePointer<UInt8>, _ body: (SenMLName) -> Result) -> Result {
        guard name.isIndirect || baseName.isIndirect else {
            return body(SenMLName(base: baseName.text(in: bytes), own: name.text(in: bytes)))
        }
        let plain = baseName.plain(in: bytes) + name.plain(in: bytes)
        return plain.withUnsafeBufferPointer {
            body(SenMLName(base: $0, own: UnsafeBufferPointer(rebasing: $0[..<0])))
        }
    }
}
