extension RecordReader {
    /// Reads a record that says whose it is, by itself: a fault in it takes no other device's readings along.
    /// - Returns: a fault of the whole message.
    func readOwned(
        _ record: UnsafeMutablePointer<FieldValue>, _ plan: borrowing RecordPlan, into scratch: DecodeScratch,
        _ message: inout DecodedMessage
    ) -> Rejection? {
        let name = owner(record, plan, scratch)
        guard name.isText, name.end > name.start else {
            message.refuse(part: Rejection(.missingDevice, at: name.offset))
            return nil
        }
        // A name that begins in another way is one of another kind of things.
        let found = name.withText(behind: plan.devicePrefix, in: payload) { name in
            name.map { scratch.directory?.find($0) ?? .unknown } ?? .elsewhere
        }
        return readOwned(record, of: found, at: name, plan, into: scratch, &message)
    }

    /// - Parameters:
    ///   - found: whom `name` names.
    func readOwned(
        _ record: UnsafeMutablePointer<FieldValue>, of found: DeviceDirectory.Finding, at name: FieldValue,
        _ plan: borrowing RecordPlan, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        switch found {
        case .elsewhere: return nil
        case .unknown:
            message.refuse(part: Rejection(.unknownDevice, at: name.offset))
            return nil
        case .device(let device):
            let first = scratch.count
            var said = DecodedMessage()
            if let rejection = readPart(record, at: 0, plan, into: scratch, &said) { return rejection }
            if let partial = said.partial { message.refuse(part: partial) }
            guard scratch.count > first else { return nil }
            scratch.own(from: first, device, said)
            message.merge(said)
            return nil
        }
    }
}
