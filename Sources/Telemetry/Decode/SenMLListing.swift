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
        let pack = SenMLPack()
        pack.begin(now: now)
        var records: [Record] = []
        let rejection = payload.withUnsafeBytes { payload in
            encoding.forEachRecord(payload, limits, sequence: nil, pack) { pack, bytes in
                if let rejection = pack.checkName(in: bytes) { return rejection }
                records.append(record(pack, in: bytes))
                return nil
            }
        }
        if let rejection { return .failure(rejection) }
        // Not `sort`, which may change the order of records of one time.
        let order = records.indices.sorted { (records[$0].time, $0) < (records[$1].time, $1) }
        return records.isEmpty ? .failure(Rejection(.noReadings)) : .success(order.map { records[$0] })
    }

    private static func record(_ pack: SenMLPack, in bytes: UnsafePointer<UInt8>) -> Record {
        func text(_ field: FieldValue) -> String { String(decoding: field.plain(in: bytes), as: UTF8.self) }
        let field = pack.record.value
        let value: JSONLeaves.Value? =
            switch field.kind {
            case .absent: nil
            // As it stands in JSON.
            case .data, .chunkedData:
                .text(String(decoding: Base64.encode(field.plain(in: bytes), .url), as: UTF8.self))
            default: JSONLeaves.Value(field, in: bytes, text)
            }
        let updateTime = pack.record.updateTime
        return Record(
            name: pack.withName(in: bytes) { $0.text }, time: pack.time, value: value,
            unit: pack.unit.kind == .absent ? nil : text(pack.unit), sum: pack.sum,
            updateTime: updateTime.kind == .absent ? nil : updateTime.number)
    }
}
