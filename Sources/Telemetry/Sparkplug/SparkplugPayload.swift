/// Decodes payloads of Sparkplug B (sparkplug_b.proto of Eclipse Tahu; Sparkplug 3.0 section 6).
package enum SparkplugPayload {
    /// What stands beside the metrics, and the metric that ties births and deaths.
    struct Head: Equatable {
        var time: UInt64?
        /// nil in deaths of nodes, which have none.
        var sequence: UInt8?
        var birthNumber: UInt64?
    }

    /// - Parameter hasBirthNumber: whether it is among the metrics, which all are checked then.
    static func head(_ payload: UnsafeRawBufferPointer, hasBirthNumber: Bool) -> Result<Head, Rejection> {
        var head = Head()
        guard let bytes = payload.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return .success(head)
        }
        var reader = ProtobufReader(bytes, 0..<payload.count)
        while let field = reader.next() {
            switch (field.number, field.content) {
            case (1, .number): head.time = field.bits
            case (3, .number):
                guard let sequence = UInt8(exactly: field.bits) else {
                    return .failure(Rejection(.notSparkplug, at: field.start))
                }
                head.sequence = sequence
            case (2, .bytes), (5, .bytes), (4, .bytes): break
            case (1...5, _): return .failure(Rejection(.notSparkplug, at: field.start))
            default: break
            }
        }
        if let fault = reader.fault { return .failure(Rejection(.notSparkplug, at: fault)) }
        guard hasBirthNumber else { return .success(head) }
        let rejection = forEachMetric(payload) { metric, bytes in
            guard metric.hasName, metric.name(in: bytes).elementsEqual("bdSeq".utf8) else { return nil }
            if case .integer(let bits) = metric.value { head.birthNumber = bits }
            return nil
        }
        return rejection.map { .failure($0) } ?? .success(head)
    }

    /// Walks the metrics of a payload. All of one that is refused are checked before the first is of use.
    @inline(__always)
    static func forEachMetric(
        _ payload: UnsafeRawBufferPointer, _ body: (SparkplugMetric, UnsafePointer<UInt8>) -> Rejection?
    ) -> Rejection? {
        guard let bytes = payload.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        var reader = ProtobufReader(bytes, 0..<payload.count)
        while let field = reader.next() {
            guard field.number == 2, field.content == .bytes else { continue }
            var fault: Int?
            guard let metric = SparkplugMetric(bytes, field.start..<field.end, fault: &fault) else {
                return Rejection(.notSparkplug, at: fault ?? field.start)
            }
            if let rejection = body(metric, bytes) { return rejection }
        }
        return reader.fault.map { Rejection(.notSparkplug, at: $0) }
    }

    /// Reads the metrics of a birth or of data. Those of one time are one record; a fault in one costs no other.
    ///
    /// Without a host in `scratch`, as for a payload by itself, a metric must say its own name.
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, device: UnsafeBufferPointer<UInt8>,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        scratch.begin(plan)
        guard payload.count > 0 else { return Rejection(.noReadings) }
        let head: Head
        if let known = scratch.sparkplug?.current?.head {
            head = known
        } else {
            switch Self.head(payload, hasBirthNumber: false) {
            case .failure(let rejection): return rejection
            case .success(let found): head = found
            }
        }
        guard let record = scratch.beginRecord(plan) else { return Rejection(.tooManyReadings) }
        let bytes = payload.baseAddress!.assumingMemoryBound(to: UInt8.self)
        var writer = SparkplugRecord(
            record: record, records: RecordReader(payload: bytes, device: device, now: now), scratch: scratch,
            defaultTime: head.time)
        let rejection = forEachMetric(payload) { metric, bytes in
            writer.add(metric, plan, in: bytes, &message)
        }
        if let rejection = rejection ?? writer.close(plan, &message) { return rejection }
        return scratch.count > 0 ? nil : message.partial ?? Rejection(.noReadings)
    }
}

/// The metrics of one time, quality and age that were met one after the other.
private struct SparkplugRecord {
    let record: UnsafeMutablePointer<FieldValue>
    let records: RecordReader
    let scratch: DecodeScratch
    /// Of metrics without a time of their own.
    let defaultTime: UInt64?
    private var time: UInt64?
    private var quality = Quality.good
    private var isHistorical = false
    private var start = 0
    private var isEmpty = true
    private var next = 0

    init(
        record: UnsafeMutablePointer<FieldValue>, records: RecordReader, scratch: DecodeScratch,
        defaultTime: UInt64?
    ) {
        self.record = record
        self.records = records
        self.scratch = scratch
        self.defaultTime = defaultTime
    }

    mutating func add(
        _ metric: SparkplugMetric, _ plan: borrowing RecordPlan, in bytes: UnsafePointer<UInt8>,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        // Not to be stored, as its sender says.
        guard !metric.isTransient else { return nil }
        var next = next
        var datatype = metric.datatype
        let names = plan.names
        let found: Int??
        if let host = scratch.sparkplug {
            found = host.withBirth(of: metric, in: bytes) { name, born in
                if datatype == 0 { datatype = born }
                return names.slot(name, next: &next)
            }
            if found == nil { host.noteUnborn() }
        } else {
            found = metric.hasName ? .some(names.slot(metric.name(in: bytes), next: &next)) : nil
        }
        guard let found else {
            message.refuse(part: Rejection(.unborn, at: metric.offset))
            return nil
        }
        guard let slot = found else { return nil }
        self.next = next
        let time = metric.time ?? defaultTime
        let isSame = time == self.time && metric.quality == quality && metric.isHistorical == isHistorical
        if !isEmpty, !isSame || record[slot].kind != .absent {
            if let rejection = close(plan, &message) { return rejection }
        }
        if isEmpty {
            (self.time, quality, isHistorical) = (time, metric.quality, metric.isHistorical)
            start = metric.offset
            isEmpty = false
            if let slot = plan.time, let time {
                record[Int(slot.index)] = FieldValue(
                    number: Double(time), start: Int32(start), end: Int32(start), kind: .number)
            }
        }
        record[slot] = metric.field(datatype)
        return nil
    }

    /// Reads what was gathered.
    /// - Returns: a fault of the whole message.
    mutating func close(_ plan: borrowing RecordPlan, _ message: inout DecodedMessage) -> Rejection? {
        guard !isEmpty else { return nil }
        isEmpty = true
        let before = scratch.count
        defer { for slot in 0..<plan.recordSlots { record[slot] = .absent } }
        if let rejection = records.readPart(record, at: start, plan, into: scratch, &message) {
            return rejection
        }
        scratch.mark(from: before, quality: quality, isHistorical: isHistorical)
        return nil
    }
}
