/// The resolved records of a SenML pack (RFC 8428 section 4.6) by their own names, the oldest first: for people, not for
/// the hot path.
package enum SenMLListing {
    package struct Record: Sendable {
        package var name: String
        package var time: Milliseconds
        /// nil if there is a sum alone.
        package var value: JSONLeaves.Value?
        package var unit: String?
        package var sum: Double?
        /// Seconds in which the next is to come.
        package var updateTime: Double?
    }

    package static func list(
        _ payload: [UInt8], _ encoding: SenMLEncoding = .json, now: Milliseconds,
        limits: DecodeLimits = DecodeLimits()
    ) -> Result<[Record], Rejection> {
        var pack = SenMLPack(now: now)
        var records: [Record] = []
        let rejection = payload.withUnsafeBytes { payload in
            encoding.forEachRecord(payload, limits, sequence: nil) { record, bytes in
                var resolved: SenMLPack.Resolved?
                if let rejection = pack.resolve(record, in: bytes, into: &resolved) { return rejection }
                if let resolved { records.append(self.record(resolved, in: bytes)) }
                return nil
            }
        }
        if let rejection { return .failure(rejection) }
        // Not `sort`, which may change the order of records of one time.
        let order = records.indices.sorted { (records[$0].time, $0) < (records[$1].time, $1) }
        return records.isEmpty ? .failure(Rejection(.noReadings)) : .success(order.map { records[$0] })
    }

    private static func record(_ resolved: SenMLPack.Resolved, in bytes: UnsafePointer<UInt8>) -> Record {
        func text(_ field: FieldValue) -> String { String(decoding: field.plain(in: bytes), as: UTF8.self) }
        let value: JSONLeaves.Value? =
            switch resolved.value.kind {
            case .absent: nil
            // As it stands in JSON.
            case .data, .chunkedData:
                .text(String(decoding: Base64.encode(resolved.value.plain(in: bytes), .url), as: UTF8.self))
            default: JSONLeaves.Value(resolved.value, in: bytes, text)
            }
        return Record(
            name: resolved.withName(in: bytes) { $0.text }, time: resolved.time, value: value,
            unit: resolved.unit.kind == .absent ? nil : text(resolved.unit), sum: resolved.sum,
            updateTime: resolved.updateTime)
    }
}
