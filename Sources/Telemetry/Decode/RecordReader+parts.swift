extension RecordReader {
    /// Reads a record that stands for itself: a fault in it is noted and takes none of the others along.
    /// - Parameter start: where it begins, for faults that are about nothing that is there.
    /// - Returns: a fault of the whole message.
    func readPart(
        _ record: UnsafeMutablePointer<FieldValue>, at start: Int, _ plan: borrowing RecordPlan,
        into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        let before = (message: message, count: scratch.count)
        guard var rejection = read(record, plan, into: scratch, &message) else { return nil }
        // A bound on messages is not one line's fault.
        if rejection.reason == .tooManyReadings { return Rejection(.tooManyReadings, at: start) }
        scratch.truncate(to: before.count)
        message = before.message
        rejection.offset = max(rejection.offset, start)
        message.refuse(part: rejection)
        return nil
    }
}
