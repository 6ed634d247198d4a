/// A SenML pack as it is read: the record in hand, and what base fields carry from record to record.
///
/// One object for all packs of a thread, because a value of this size would be copied wherever it is looked at.
final class SenMLPack {
    /// Each holds until it appears again (RFC 8428 section 4.1).
    private struct Base {
        var name = FieldValue.absent
        /// How many were met.
        var names = 0
        var time = 0.0
        var unit = FieldValue.absent
        var value: Double?
        var sum: Double?
        var version: Double?
    }

    private var now: Milliseconds = 0
    private var base = Base()
    /// The highest message number met, negative before the first.
    private(set) var sequence: Int64 = -1
    /// The record in hand; once it is resolved, with what base fields add to it.
    var record = SenMLRecord(start: 0)
    /// Whether the record has a value or a sum, and is not there for its base fields alone.
    private(set) var hasContent = false
    private(set) var time: Milliseconds = 0
    /// Whether its time does not depend on when the pack came.
    private(set) var isAbsolute = false
    private(set) var sum: Double?

    /// Below this a sum of times is relative to now (section 4.5.3).
    private static let firstAbsoluteTime = 268_435_456.0

    /// - Parameter now: its arrival.
    func begin(now: Milliseconds) {
        self.now = now
        base = Base()
        sequence = -1
    }

    /// Takes the base fields of the record in hand over, and adds what holds to its own (section 4.6).
    ///
    /// Its name is not looked at.
    func resolve() -> Rejection? {
        hasContent = false
        sequence = max(sequence, record.sequence)
        if record.hasBase, let rejection = takeBase() { return rejection }
        guard !record.isBaseOnly else { return nil }
        if let value = base.value { record.add(baseValue: value) }
        sum = record.sum.kind == .absent ? base.sum : record.sum.number + (base.sum ?? 0)
        hasContent = record.value.kind != .absent || sum != nil
        guard hasContent else { return nil }
        let seconds = base.time + (record.time.kind == .absent ? 0 : record.time.number)
        isAbsolute = seconds >= Self.firstAbsoluteTime
        let exact = (isAbsolute ? seconds : seconds + Double(now) / 1_000) * 1_000
        guard let time = Milliseconds(exactly: exact) ?? Milliseconds(exactly: exact.rounded()) else {
            return Rejection(
                .notATime, at: record.time.kind == .absent ? record.start : Int(record.time.start))
        }
        self.time = time
        return nil
    }

    private func takeBase() -> Rejection? {
        if record.baseName.kind != .absent {
            base.name = record.baseName
            base.names += 1
        }
        if record.baseTime.kind != .absent { base.time = record.baseTime.number }
        if record.baseUnit.kind != .absent { base.unit = record.baseUnit }
        if record.baseValue.kind != .absent { base.value = record.baseValue.number }
        if record.baseSum.kind != .absent { base.sum = record.baseSum.number }
        guard record.baseVersion.kind != .absent else { return nil }
        let number = record.baseVersion.number
        // All records of a pack are of one version (section 4.4).
        guard Self.isKnown(version: number), base.version == nil || base.version == number else {
            return Rejection(.notSenML, at: Int(record.baseVersion.start))
        }
        base.version = number
        return nil
    }

    /// 10 is RFC 8428, lower ones its drafts; RFC 9100 makes it a bitmap in which 16 admits secondary units.
    private static func isKnown(version number: Double) -> Bool {
        guard let version = Int(exactly: number), version > 0 else { return false }
        return version <= 10 || version & ~16 == 10
    }
}

extension SenMLPack {
    /// The unit of the record in hand.
    var unit: FieldValue { record.unit.kind == .absent ? base.unit : record.unit }

    var baseName: FieldValue { base.name }

    /// How many base names were met: names met before hold until it is another.
    var baseNames: Int { base.names }

    /// Where its name stands, for faults.
    var nameOffset: Int {
        if record.name.kind != .absent { return Int(record.name.start) }
        return base.name.kind == .absent ? record.start : Int(base.name.start)
    }

    func checkName(in bytes: UnsafePointer<UInt8>) -> Rejection? {
        withName(in: bytes) { $0.isValid } ? nil : Rejection(.notSenML, at: nameOffset)
    }

    /// The resolved name. Undoing escapes allocates; they are rare.
    @inline(__always)
    func withName<Result>(in bytes: UnsafePointer<UInt8>, _ body: (SenMLName) -> Result) -> Result {
        let name = record.name
        guard name.isIndirect || base.name.isIndirect else {
            return body(SenMLName(base: base.name.text(in: bytes), own: name.text(in: bytes)))
        }
        let plain = base.name.plain(in: bytes) + name.plain(in: bytes)
        return plain.withUnsafeBufferPointer {
            body(SenMLName(base: $0, own: UnsafeBufferPointer(rebasing: $0[..<0])))
        }
    }
}
