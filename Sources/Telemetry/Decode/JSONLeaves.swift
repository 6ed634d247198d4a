/// Every leaf of a JSON document by its JSON Pointer: for people who look at a payload, not for the hot path.
package enum JSONLeaves {
    package enum Value: Sendable, Equatable {
        case number(Double)
        case text(String)
        case boolean(Bool)
        case null
    }

    package static func list(_ payload: [UInt8], limits: DecodeLimits = DecodeLimits())
        -> Result<[(pointer: String, value: Value)], Rejection>
    {
        guard payload.count <= limits.payloadBytes else {
            return .failure(Rejection(.tooLarge, at: limits.payloadBytes))
        }
        guard !payload.isEmpty else { return .failure(Rejection(.notJSON)) }
        return payload.withUnsafeBytes { bytes in
            var reader = JSONReader(bytes, depth: limits.depth)
            var leaves: [(pointer: String, value: Value)] = []
            guard walk(&reader, "", &leaves), reader.finish() else {
                return .failure(reader.rejection ?? Rejection(.notJSON, at: reader.at))
            }
            return .success(leaves)
        }
    }

    private static func walk(
        _ reader: inout JSONReader, _ pointer: String, _ leaves: inout [(pointer: String, value: Value)]
    ) -> Bool {
        let first = reader.peek()
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return reader.forEachElement { reader, key, escaped, index in
                let token = first == UInt8(ascii: "[") ? "\(index)" : text(reader, key, escaped)
                return walk(&reader, pointer + "/" + JSONPointer.escaped(token), &leaves)
            }
        }
        if first == UInt8(ascii: "\"") {
            var range = 0..<0
            var escaped = false
            guard reader.string(&range, &escaped) else { return false }
            leaves.append((pointer, .text(text(reader, range, escaped))))
            return true
        }
        var field = FieldValue.absent
        guard reader.value(&field) else { return false }
        switch field.kind {
        case .number: leaves.append((pointer, .number(field.number)))
        case .yes: leaves.append((pointer, .boolean(true)))
        case .no: leaves.append((pointer, .boolean(false)))
        default: leaves.append((pointer, .null))
        }
        return true
    }

    static func text(_ reader: JSONReader, _ range: Range<Int>, _ escaped: Bool) -> String {
        let bytes = UnsafeBufferPointer(start: reader.bytes + range.lowerBound, count: range.count)
        return escaped
            ? String(decoding: JSONKey.unescape(bytes), as: UTF8.self)
            : String(decoding: bytes, as: UTF8.self)
    }
}
