/// Decodes a JSON payload by a profile's pointers, in one walk.
package enum JSONPayload {
    package static func decode(
        _ payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, device: UnsafeBufferPointer<UInt8>,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        if let rejection = fill(from: payload, plan: plan, scratch) { return rejection }
        let records = RecordReader(
            payload: payload.baseAddress!.assumingMemoryBound(to: UInt8.self), device: device, now: now)
        return records.read(plan, hasRecords: plan.paths.hasRecords, into: scratch, &message)
    }

    /// Keeps the fields that the plan points at.
    /// - Returns: why and where the payload was refused; nil if it is JSON, so that it has a byte at least.
    static func fill(
        from payload: UnsafeRawBufferPointer, plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Rejection? {
        scratch.begin(plan)
        guard payload.count > 0 else { return Rejection(.notJSON) }
        let reader = JSONReader(payload, depth: scratch.limits.depth)
        return plan.paths.withParts {
            var walk = JSONWalk(reader: reader, tree: $0)
            return walk.run(plan, scratch)
        }
    }
}
