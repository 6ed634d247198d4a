/// Memory one decoding thread uses again for every message, so that no message allocates.
///
/// Owned by one thread. The pointers live as long as the object and are never handed out beyond a call.
package final class DecodeScratch {
    package let limits: DecodeLimits
    /// Without one, packed payloads are refused.
    let unpacker: (any Unpacker)?
    /// Readings of the message; `series` is the measurement's index in its profile until the message is routed.
    package private(set) var readings: UnsafeMutableBufferPointer<Reading>
    package private(set) var count = 0
    private(set) var message: UnsafeMutableBufferPointer<FieldValue>
    private(set) var records: UnsafeMutableBufferPointer<FieldValue>
    /// Records met so far.
    var recordCount = 0

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
    }

    deinit {
        readings.deallocate()
        message.deallocate()
        records.deallocate()
    }

    func begin(_ plan: borrowing RecordPlan) {
        count = 0
        recordCount = 0
        for index in 0..<plan.messageSlots { message[index] = .absent }
    }

    func beginWithoutRecords() {
        count = 0
        recordCount = 0
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

    package var decoded: UnsafeBufferPointer<Reading> { UnsafeBufferPointer(rebasing: readings[..<count]) }
}
