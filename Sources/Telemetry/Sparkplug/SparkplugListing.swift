/// The metrics of a Sparkplug B payload as they stand in it: for people who have no profile yet.
package enum SparkplugListing {
    package static func list(_ payload: [UInt8], now: Milliseconds, limits: DecodeLimits = DecodeLimits())
        -> Result<
            ValueListing, Rejection
        >
    {
        payload.withUnsafeBytes { payload in
            guard payload.count <= limits.payloadBytes else {
                return .failure(Rejection(.tooLarge, at: limits.payloadBytes))
            }
            switch SparkplugPayload.head(payload, hasBirthNumber: false) {
            case .failure(let rejection): return .failure(rejection)
            case .success(let head):
                var listing = ValueListing()
                _ = SparkplugPayload.forEachMetric(payload) { metric, bytes in
                    listing.values.append(value(metric, head, now, in: bytes))
                    return nil
                }
                return listing.result
            }
        }
    }

    private static func value(
        _ metric: SparkplugMetric, _ head: SparkplugPayload.Head, _ now: Milliseconds,
        in bytes: UnsafePointer<UInt8>
    ) -> ListedValue {
        let time = (metric.time ?? head.time).flatMap { Milliseconds(exactly: $0) } ?? now
        var tags: [(key: String, text: String)] = []
        if let alias = metric.alias { tags.append(("alias", "\(alias)")) }
        if metric.datatype != 0 { tags.append(("datatype", "\(metric.datatype)")) }
        if metric.isHistorical { tags.append(("historical", "true")) }
        if metric.isTransient { tags.append(("transient", "true")) }
        if metric.quality != .good { tags.append(("quality", "\(metric.quality)")) }
        let field = metric.field(metric.datatype)
        return ListedValue(
            name: String(decoding: metric.name(in: bytes), as: UTF8.self), tags: tags, time: time,
            value: JSONLeaves.Value(field, in: bytes) { _ in "(no scalar)" }, unit: nil)
    }
}
