package import Telemetry

/// One format with a message of many readings.
package struct Workload {
    package var name: String
    package var wire: Wire
    package var measurements: [Measurement]
    package var format: PayloadFormat
    package var payload: [UInt8]
    /// Readings of a message, and the sum of their values: what was decoded is what was meant.
    package var readings: Int
    package var sum: Double
    /// Where a host must follow the births: the topic of a message, whose payload is then read by its aliases.
    package var spoken: Spoken?

    package struct Spoken {
        package var host: SparkplugHost
        package var topic: [UInt8]
        package var births: [(topic: [UInt8], payload: [UInt8])]
    }

    package static let now: Milliseconds = 1_767_574_923_000
    /// Records of a message.
    private static let records = 100

    package static func all() throws -> [Workload] {
        try [
            flatJSON(), senML(), senMLCBOR(), json(), lineProtocol(), csv(), ultraLight(), cayenne(),
            sparkplug(),
        ]
    }

    /// Values as gateways have them, with one digit behind the point.
    private static func tenths(_ record: Int) -> Int { 215 + record * 7 % 100 }

    private static func make(
        _ name: String, _ wire: Wire, _ payload: [UInt8], perRecord: Int = 1, records: Int = Workload.records
    ) throws -> Workload {
        let measurements = wire.fields.indices.map { index in
            Measurement(
                name: "m\(index)", title: Title(vi: "m", en: "m"), unit: "Cel", kind: .gauge,
                valid: -1e6...1e6)
        }
        let sum = (0..<records).reduce(0.0) { $0 + Double(perRecord) * Double(tenths($1)) / 10 }
        return Workload(
            name: name, wire: wire, measurements: measurements, format: try wire.compile(for: measurements),
            payload: payload, readings: records * perRecord,
            sum: sum)
    }

    private static func wire(_ form: Wire.Form, _ fields: [String]) -> Wire {
        var wire = Wire(form: form)
        wire.fields = fields.map { name in
            var field = Wire.Field()
            field.field = name
            return field
        }
        return wire
    }

    private static func decimal(_ record: Int) -> String { "\(tenths(record) / 10).\(tenths(record) % 10)" }

    /// One message of a station, as most gateways send it.
    private static func flatJSON() throws -> Workload {
        var plan = wire(.json, ["/level", "/temperature", "/humidity"])
        plan.timeField = "/ts"
        let value = decimal(0)
        let payload = "{\"ts\":\(now),\"level\":\(value),\"temperature\":\(value),\"humidity\":\(value)}"
        return try make("json-flat", plan, Array(payload.utf8), perRecord: 3, records: 1)
    }

    private static func senML() throws -> Workload {
        let records = (0..<Self.records).map {
            "{\"n\":\"temperature\",\"u\":\"Cel\",\"t\":-\($0),\"v\":\(decimal($0))}"
        }
        let pack = "[{\"bn\":\"urn:dev:d-1:\",\"bt\":1767574923},\(records.joined(separator: ","))]"
        return try make("senml-json", wire(.senml, ["temperature"]), Array(pack.utf8))
    }

    private static func senMLCBOR() throws -> Workload {
        var pack: [UInt8] =
            [0x9F, 0xA2, 0x21, 0x6C] + Array("urn:dev:d-1:".utf8) + [0x22, 0x1A, 0x69, 0x5B, 0x0D, 0x8B]
        for record in 0..<Self.records {
            pack += [0xA4, 0x00, 0x6B] + Array("temperature".utf8) + [0x01, 0x63] + Array("Cel".utf8)
            pack += [0x06, 0x38, UInt8(record)]
            // 4([-1, tenths])
            let tenths = tenths(record)
            pack += [0x02, 0xC4, 0x82, 0x20, 0x19, UInt8(tenths >> 8), UInt8(tenths & 0xFF)]
        }
        return try make("senml-cbor", wire(.senmlCBOR, ["temperature"]), pack + [0xFF])
    }

    private static func json() throws -> Workload {
        let records = (0..<Self.records).map { record in
            "{\"ts\":\(now - Int64(record)),\"level\":\(decimal(record)),\"air\":{\"temperature\":\(decimal(record))},\"note\":\"ok\"}"
        }
        var plan = wire(.json, ["./level", "./air/temperature"])
        plan.recordsField = "/readings/*"
        plan.timeField = "./ts"
        plan.deviceField = "/id"
        let payload = "{\"id\":\"d-1\",\"readings\":[\(records.joined(separator: ","))]}"
        return try make("json", plan, Array(payload.utf8), perRecord: 2)
    }

    private static func lineProtocol() throws -> Workload {
        let lines = (0..<Self.records).map { record in
            "room,dev=d-1,ward=an-cuu level=\(decimal(record)),temperature=\(decimal(record)) \(now - Int64(record))000000\n"
        }
        var plan = wire(.lineProtocol, ["level", "temperature"])
        plan.deviceField = "dev"
        return try make("line-protocol", plan, Array(lines.joined().utf8), perRecord: 2)
    }

    private static func csv() throws -> Workload {
        let rows = (0..<Self.records).map { "\(now - Int64($0)),\(decimal($0)),\(decimal($0))\n" }
        var plan = wire(.csv, ["level", "temperature"])
        plan.timeField = "time"
        return try make("csv", plan, Array("time,level,temperature\n\(rows.joined())".utf8), perRecord: 2)
    }

    private static func ultraLight() throws -> Workload {
        let groups = (0..<Self.records).map { record in
            "2026-01-05T01:01:\(10 + record % 50)Z|level|\(decimal(record))|temperature|\(decimal(record))"
        }
        return try make(
            "ultralight", wire(.ultraLight, ["level", "temperature"]),
            Array(groups.joined(separator: "#").utf8),
            perRecord: 2)
    }

    private static func cayenne() throws -> Workload {
        let channels = (0..<Self.records).map { "temperature/\($0)" }
        let payload = (0..<Self.records).flatMap { record -> [UInt8] in
            [UInt8(record), 103, UInt8(tenths(record) >> 8), UInt8(tenths(record) & 0xFF)]
        }
        return try make("cayenne-lpp", wire(.cayenneLPP, channels), payload)
    }

    /// Data by aliases, as an edge node sends it behind its births.
    private static func sparkplug() throws -> Workload {
        func varint(_ value: UInt64) -> [UInt8] {
            value < 128 ? [UInt8(value)] : [UInt8(value & 127 | 128)] + varint(value >> 7)
        }
        func bytes(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
            [field << 3 | 2] + varint(UInt64(content.count)) + content
        }
        let names = ["Inputs/level", "Inputs/temperature"]
        // Name, alias, and 10 for a double.
        let born = names.enumerated().flatMap { alias, name in
            bytes(2, bytes(1, Array(name.utf8)) + [0x10, UInt8(alias), 0x20, 10])
        }
        let metrics = (0..<Self.records).flatMap { record in
            (0..<2).flatMap { alias -> [UInt8] in
                let value = (Double(tenths(record)) / 10).bitPattern
                let time = [0x18] + varint(UInt64(now) - UInt64(record))
                return bytes(
                    2,
                    [0x10, UInt8(alias)] + time + [0x69]
                        + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) })
            }
        }
        let host = SparkplugHost()
        let births = [("NBIRTH/e", []), ("DBIRTH/e/d-1", born)].map { type, payload in
            (topic: Array("spBv1.0/g/\(type)".utf8), payload: payload + [0x18, type == "NBIRTH/e" ? 0 : 1])
        }
        for (topic, payload) in births { _ = follow(host, topic, payload) }
        var workload = try make("sparkplug-b", wire(.sparkplug, names), metrics + [0x18, 2], perRecord: 2)
        workload.spoken = Spoken(
            host: host, topic: Array("spBv1.0/g/DDATA/e/d-1".utf8), births: births)
        return workload
    }

    /// - Returns: whether the message has values to read.
    package static func follow(_ host: SparkplugHost, _ topic: [UInt8], _ payload: [UInt8]) -> Bool {
        topic.withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes { payload in
                SparkplugTopic(topic).map {
                    host.follow($0, payload, limits: DecodeLimits(), now: now) == .values
                } ?? false
            }
        }
    }
}
