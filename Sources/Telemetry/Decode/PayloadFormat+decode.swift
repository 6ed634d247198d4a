extension PayloadFormat {
    /// Decodes one message into `scratch`.
    /// - Parameters:
    ///   - device: the device as the topic names it.
    ///   - field: which field of a `scalar` the payload is, as its topic says.
    ///   - now: arrival; stamps readings without a time, and bounds the others.
    /// - Returns: why and where it was refused (of a packed payload, in its content), nil if it was not. A refused message leaves nothing in `scratch` or
    ///   `message`, so that nobody can take the readings before the fault for the whole.
    package func decode(
        _ payload: UnsafeRawBufferPointer, device: UnsafeBufferPointer<UInt8>, field: Int = 0,
        now: Milliseconds, into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        message = DecodedMessage()
        let rejection = read(payload, device: device, field: field, now: now, into: scratch, &message)
        if rejection != nil {
            message = DecodedMessage()
            scratch.beginWithoutRecords()
        }
        return rejection
    }

    private func read(
        _ payload: UnsafeRawBufferPointer, device: UnsafeBufferPointer<UInt8>, field: Int, now: Milliseconds,
        into scratch: DecodeScratch, _ message: inout DecodedMessage
    ) -> Rejection? {
        let limit = scratch.limits.payloadBytes
        // A packed one is bounded by what it unpacks to.
        guard payload.count <= limit || isPacked else { return Rejection(.tooLarge, at: limit) }
        switch self {
        case .json(let kept):
            return JSONPayload.decode(
                payload, plan: kept.plan, device: device, now: now, into: scratch, &message)
        case .senml(let kept, let encoding):
            return SenMLPayload.decode(
                payload, encoding, plan: kept.plan, device: device, now: now, into: scratch, &message)
        case .scalar(let kept):
            return ScalarPayload.decode(
                payload, plan: kept.plan, device: device, field: field, now: now, into: scratch, &message)
        case .csv(let kept, let dialect):
            return CSVPayload.decode(
                payload, plan: kept.plan, dialect: dialect, device: device, now: now, into: scratch, &message)
        case .lineProtocol(let kept):
            return LineProtocolPayload.decode(
                payload, plan: kept.plan, device: device, now: now, into: scratch, &message)
        case .ultraLight(let kept):
            return UltraLightPayload.decode(
                payload, plan: kept.plan, device: device, now: now, into: scratch, &message)
        case .cayenneLPP(let kept):
            return CayenneLPPPayload.decode(
                payload, plan: kept.plan, device: device, now: now, into: scratch, &message)
        case .sparkplug(let kept):
            return SparkplugPayload.decode(
                payload, plan: kept.plan, device: device, now: now, into: scratch, &message)
        case .packed(let compression, let format):
            guard let unpacker = scratch.unpacker else { return Rejection(.notCompressed) }
            switch unpacker.unpack(payload, compression, limit: limit) {
            case .failure(let rejection): return rejection
            case .success(let content):
                return format.read(
                    content, device: device, field: field, now: now, into: scratch, &message)
            }
        }
    }
}
