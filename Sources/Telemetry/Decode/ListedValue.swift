/// One value of a payload by the format's own name: for people, not for the hot path.
package struct ListedValue: Sendable {
    package var name: String
    package var tags: [(key: String, text: String)] = []
    package var time: Milliseconds
    package var value: JSONLeaves.Value
    package var unit: String?
}

/// What a payload has, and the first part of it that cannot be read.
package struct ValueListing: Sendable {
    package var values: [ListedValue] = []
    package var partial: Rejection?

    /// Refused if there is nothing in it.
    var result: Result<ValueListing, Rejection> {
        values.isEmpty ? .failure(partial ?? Rejection(.noReadings)) : .success(self)
    }
}

extension JSONLeaves.Value {
    /// - Parameter undo: takes the escapes out of a text.
    init(_ field: FieldValue, in bytes: UnsafePointer<UInt8>, _ undo: (FieldValue) -> String) {
        self =
            switch field.kind {
            case .number, .reduced: .number(field.number)
            case .yes: .boolean(true)
            case .no: .boolean(false)
            case .text: .text(String(decoding: field.text(in: bytes), as: UTF8.self))
            case .escapedText, .chunkedText, .data, .chunkedData, .unusable: .text(undo(field))
            case .absent, .null: .null
            }
    }
}

/// A payload that is one bare value.
package enum ScalarListing {
    package static func list(_ payload: [UInt8]) -> Result<JSONLeaves.Value, Rejection> {
        payload.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, let value = ScalarPayload.value(base, count: bytes.count)
            else {
                return .failure(Rejection(.noReadings))
            }
            return .success(
                JSONLeaves.Value(value, in: base) { String(decoding: $0.text(in: base), as: UTF8.self) })
        }
    }
}

/// The fields of line protocol as `measurement.field`, with times in nanoseconds.
package enum LineProtocolListing {
    package static func list(_ payload: [UInt8], now: Milliseconds) -> Result<ValueListing, Rejection> {
        payload.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return .failure(Rejection(.noReadings)) }
            var text = LineText(base, count: bytes.count)
            var listing = ValueListing()
            while text.beginLine() != nil {
                var collector = LineCollector(time: now)
                if let rejection = text.line(&collector, ()) {
                    listing.partial = listing.partial ?? rejection
                    text.skipLine()
                } else {
                    listing.values += collector.listed
                }
            }
            return listing.result
        }
    }

    private struct LineCollector: LineVisitor {
        var time: Milliseconds
        private var scope = ""
        private var tags: [(key: String, text: String)] = []
        private var values: [(key: String, value: JSONLeaves.Value)] = []

        init(time: Milliseconds) { self.time = time }

        var listed: [ListedValue] {
            values.map { ListedValue(name: "\(scope).\($0.key)", tags: tags, time: time, value: $0.value) }
        }

        mutating func measurement(_ name: FieldValue, in text: LineText) { scope = text.string(name) }

        mutating func tag(_ key: FieldValue, _ value: FieldValue, in text: LineText, _: borrowing Void)
            -> Rejection?
        {
            tags.append((text.string(key), text.string(value)))
            return nil
        }

        mutating func field(_ key: FieldValue, _ value: FieldValue, in text: LineText, _: borrowing Void)
            -> Rejection?
        {
            let value = JSONLeaves.Value(value, in: text.bytes) { text.unquoted($0) }
            values.append((text.string(key), value))
            return nil
        }

        mutating func time(_ time: FieldValue, _: borrowing Void) {
            self.time = TimeFormat.unixNanoseconds.milliseconds(number: time.number) ?? self.time
        }

        func end(of _: Int, in _: LineText, _: borrowing Void) -> Rejection? { nil }
    }
}

extension LineText {
    /// A name without its escapes.
    fileprivate func string(_ name: FieldValue) -> String {
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(name.text(in: bytes).count, 1))
        defer { room.deallocate() }
        return String(decoding: plain(name, in: room, from: 0), as: UTF8.self)
    }

    /// A string without its escapes.
    fileprivate func unquoted(_ value: FieldValue) -> String {
        var plain: [UInt8] = []
        var isEscaped = false
        for byte in value.text(in: bytes) {
            if isEscaped, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                plain.append(UInt8(ascii: "\\"))
            }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            if !isEscaped { plain.append(byte) }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}

/// The pairs of UltraLight 2.0.
package enum UltraLightListing {
    package static func list(_ payload: [UInt8], now: Milliseconds) -> Result<ValueListing, Rejection> {
        guard !payload.isEmpty else { return .failure(Rejection(.noReadings)) }
        return payload.withUnsafeBufferPointer { bytes in
            var groups = UltraLightGroups(bytes, depth: DecodeLimits().depth)
            var listing = ValueListing()
            while groups.hasMore {
                var written: FieldValue?
                var pairs: [(name: FieldValue, value: FieldValue)] = []
                let rejection = groups.group {
                    written = $0
                } pair: { name, value in
                    pairs.append((name, value))
                    return nil
                }
                if let rejection { return .failure(rejection) }
                var time = now
                if let written {
                    guard let found = ISO8601.parse(written.text(in: groups.bytes)) else {
                        return .failure(Rejection(.notATime, at: Int(written.start)))
                    }
                    time = found
                }
                listing.values += pairs.map { name, value in
                    ListedValue(
                        name: String(decoding: name.text(in: groups.bytes), as: UTF8.self), time: time,
                        value: self.value(groups.resolved(value), value, groups.bytes))
                }
            }
            return listing.result
        }
    }

    /// A list or an object is shown as it is written.
    private static func value(
        _ found: FieldValue, _ written: FieldValue, _ bytes: UnsafePointer<UInt8>
    ) -> JSONLeaves.Value {
        JSONLeaves.Value(found, in: bytes) { field in
            field.kind == .unusable
                ? String(decoding: written.text(in: bytes), as: UTF8.self)
                : String(decoding: JSONKey.unescape(field.text(in: bytes)), as: UTF8.self)
        }
    }
}

/// The values of Cayenne LPP by type and channel, as profiles name them.
package enum CayenneLPPListing {
    /// Units of the types that have one.
    private static let units: [String: String] = [
        "illuminance": "lx", "temperature": "Cel", "humidity": "%", "accelerometer": "[g]",
        "barometer": "hPa",
        "voltage": "V", "current": "A", "frequency": "Hz", "percentage": "%", "altitude": "m",
        "concentration": "[ppm]", "power": "W", "distance": "m", "energy": "kW.h", "direction": "deg",
        "unixTime": "s", "gyrometer": "deg/s", "gps/latitude": "deg", "gps/longitude": "deg",
        "gps/altitude": "m",
    ]

    package static func list(_ payload: [UInt8], now: Milliseconds) -> Result<ValueListing, Rejection> {
        payload.withUnsafeBufferPointer { bytes in
            var listing = ValueListing()
            var reader = CayenneLPPReader(bytes)
            while true {
                switch reader.step() {
                case .end: return listing.result
                case .fault:
                    listing.partial = Rejection(.notCayenneLPP, at: reader.at)
                    return listing.result
                case .value: listing.values += values(reader, now)
                }
            }
        }
    }

    private static func values(_ reader: CayenneLPPReader, _ now: Milliseconds) -> [ListedValue] {
        guard let entry = CayenneLPPType.named.first(where: { $0.type.code == reader.type.code }) else {
            return []
        }
        return (0..<reader.type.parts).map { part in
            let suffix = entry.parts.isEmpty ? "" : "/\(entry.parts[part])"
            return ListedValue(
                name: "\(entry.name)/\(reader.channel)\(suffix)", time: now,
                value: .number(reader.number(ofPart: part)),
                unit: units[entry.name] ?? units[entry.name + suffix])
        }
    }
}
