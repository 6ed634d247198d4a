/// Memory one decoding thread uses again for every message, so that no message allocates.
///
/// Owned by one thread. The pointers live as long as the object and are never handed out beyond a call.
package final class DecodeScratch {
    package let limits: DecodeLimits
    /// Without one, packed payloads are refused.
    let unpacker: (any Unpacker)?
    /// Knows what aliases stand for; nil where payloads are read by themselves.
    package var sparkplug: SparkplugHost?
    /// Whom payloads of several devices may name; needed for those alone.
    package var directory: DeviceDirectory?
    /// Whose the readings are, in payloads of several devices; a device may have more than one part.
    package private(set) var parts: [DecodedPart] = []
    /// Readings of the message; `series` is the measurement's index in its profile.
    private(set) var readings: UnsafeMutableBufferPointer<Reading>
    package private(set) var count = 0
    private(set) var message: UnsafeMutableBufferPointer<FieldValue>
    private(set) var records: UnsafeMutableBufferPointer<FieldValue>
    /// Records met so far.
    var recordCount = 0
    /// In which container each edge of the path tree was met last.
    private var visits: UnsafeMutableBufferPointer<UInt64>
    private var containers: UInt64 = 0
    let pack = SenMLPack()
    /// Names of a SenML pack.
    let names: UnsafeMutableBufferPointer<SenMLNames.Known>
    private var text = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

    /// No profile has more fields than this.
    package static let maximumSlots = 256

    package init(limits: DecodeLimits, unpacker: (any Unpacker)? = nil) {
        self.limits = limits
        self.unpacker = unpacker
        readings = .allocate(capacity: limits.readings)
        message = .allocate(capacity: Self.maximumSlots)
        message.initialize(repeating: .absent)
        records = .allocate(capacity: limits.readings + Self.maximumSlots)
        records.initialize(repeating: .absent)
        visits = .allocate(capacity: Self.maximumSlots)
        visits.initialize(repeating: 0)
        names = .allocate(capacity: SenMLNames.capacity)
    }

    deinit {
        readings.deallocate()
        message.deallocate()
        records.deallocate()
        visits.deallocate()
        names.deallocate()
        text.deallocate()
    }

    /// Room for a payload written in other bytes. Few profiles need it, so the first that does makes it.
    var bytes: UnsafeMutableBufferPointer<UInt8> {
        if text.isEmpty { text = .allocate(capacity: max(limits.payloadBytes, 1)) }
        return text
    }

    /// Puts what their sender says of them on the readings from `start` on; limits may have made them worse already.
    func mark(from start: Int, quality: Quality, isHistorical: Bool) {
        guard quality != .good || isHistorical else { return }
        for index in start..<count {
            if readings[index].quality.rawValue < quality.rawValue { readings[index].quality = quality }
            readings[index].isHistorical = isHistorical
        }
    }

    /// Forgets the readings behind the first `count`.
    func truncate(to count: Int) { self.count = min(self.count, count) }

    func begin(_ plan: borrowing RecordPlan) {
        beginWithoutRecords()
        for index in 0..<plan.messageSlots { message[index] = .absent }
    }

    /// The number of the next container of a payload, for `visit`.
    @inline(__always)
    func beginContainer() -> UInt64 {
        containers += 1
        return containers
    }

    /// Notes that an edge of the path tree was met.
    /// - Returns: false if it was met in this container before.
    @inline(__always)
    func visit(_ edge: Int, in container: UInt64) -> Bool {
        if edge >= visits.count { makeRoom(forEdge: edge) }
        defer { visits[edge] = container }
        return visits[edge] != container
    }

    /// Pointers may have more steps than there are slots; it happens once per profile at most.
    private func makeRoom(forEdge edge: Int) {
        let more = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: max(edge + 1, visits.count * 2))
        more.initialize(repeating: 0)
        for index in visits.indices { more[index] = visits[index] }
        visits.deallocate()
        visits = more
    }

    func beginWithoutRecords() {
        count = 0
        recordCount = 0
        if !parts.isEmpty { parts.removeAll(keepingCapacity: true) }
    }

    /// Puts the number of the whole message on those of its parts whose times are their own.
    func number(_ sequence: Int64) {
        for index in parts.indices where parts[index].message.hasTime {
            parts[index].message.sequence = sequence
        }
    }

    /// Notes that the readings from `first` on are of `device`.
    func own(from first: Int, _ device: Int32, _ said: DecodedMessage) {
        if let last = parts.indices.last, parts[last].device == device {
            parts[last].message.merge(said)
        } else {
            parts.append(DecodedPart(device: device, first: first, message: said))
        }
    }

    /// Starts a record; nil if there are too many for one message.
    func beginRecord(_ plan: borrowing RecordPlan) -> UnsafeMutablePointer<FieldValue>? {
        let start = recordCount * plan.recordSlots
        guard start + plan.recordSlots <= records.count, recordCount < limits.readings else { return nil }
        recordCount += 1
        let record = records.baseAddress! + start
        for index in 0..<plan.recordSlots { record[index] = .absent }
        return record
    }

    func record(_ index: Int, _ plan: borrowing RecordPlan) -> UnsafeMutablePointer<FieldValue> {
        records.baseAddress! + index * plan.recordSlots
    }

    /// Keeps a reading; false if there are too many for one message.
    @inline(__always)
    func append(_ reading: Reading) -> Bool {
        guard count < readings.count else { return false }
        readings[count] = reading
        count += 1
        return true
    }

    /// Each reading with the device that the payload names, nil where the topic does. Not for the hot path.
    package func forEachReading(_ body: (Reading, _ device: String?) -> Void) {
        var part = -1
        for index in 0..<count {
            while part + 1 < parts.count, parts[part + 1].first <= index { part += 1 }
            body(readings[index], part < 0 ? nil : directory?.name(of: parts[part].device))
        }
    }

    package var decoded: UnsafeBufferPointer<Reading> { UnsafeBufferPointer(rebasing: readings[..<count]) }
}
