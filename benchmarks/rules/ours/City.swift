import Telemetry

/// Devices that send four values every fifteen seconds, and what is found in those values.
struct City {
    static let start: Milliseconds = 1_767_574_800_000
    static let step: Milliseconds = 15_000
    static let measurements = ["a", "b", "c", "d"]
    /// A device in a thousand has a time of high values and one of silence: alerts are rare, and there are some.
    private static let rarity = 1_000
    private static let troubled = 7

    let devices: Int
    let minutes: Int

    var steps: Int { minutes * 4 }
    var messages: Int { devices * steps }
    var readings: Int { messages * Self.measurements.count }
    /// Devices with alerts, which every set of rules looks at.
    var troubledDevices: Int { (0..<devices).count { $0 % Self.rarity == Self.troubled } }

    private static func isTroubled(_ device: Int) -> Bool { device % rarity == troubled }

    func isSilent(_ device: Int, at step: Int) -> Bool {
        Self.isTroubled(device) && (12 * 4..<17 * 4).contains(step)
    }

    /// In tenths: around 20, in times of trouble 30 higher.
    func tenths(_ device: Int, _ measurement: Int, at step: Int) -> Int {
        var mixed =
            UInt64(device * 4 + measurement) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(step) &* 0xD1B5_4A32_D192_ED03
        mixed ^= mixed >> 29
        mixed = mixed &* 0xBF58_476D_1CE4_E5B9
        let noise = Int((mixed >> 32) % 80) - 40
        let isHigh = Self.isTroubled(device) && (4 * 4..<8 * 4).contains(step)
        return 200 + noise + (isHigh ? 300 : 0)
    }

    func time(_ device: Int, at step: Int) -> Milliseconds {
        Self.start + Milliseconds(step) * Self.step + Milliseconds(device) * Self.step / Milliseconds(devices)
    }

    // MARK: Registry

    static func profile() throws -> DeviceProfile {
        let known = measurements.map {
            Measurement(
                name: $0, title: Title(vi: $0, en: $0), unit: "1", kind: .gauge, valid: -1_000...1_000)
        }
        var wire = Wire(form: .json)
        wire.timeField = "/ts"
        wire.sequenceField = "/seq"
        wire.fields = measurements.map { name in
            var field = Wire.Field()
            field.field = "/\(name)"
            return field
        }
        return DeviceProfile(
            domain: "test", name: "station", title: Title(vi: "Trạm", en: "Station"),
            topics: [try TopicTemplate("test/{device}")], cadence: Span.minute, measurements: known,
            wire: wire, format: try wire.compile(for: known))
    }

    /// Two hundred devices to a ward; tags narrow the rules to a tenth and a hundredth of the devices.
    func fleet() -> [Device] {
        (0..<devices).map { index in
            var tags = ["all"]
            if index % 10 == Self.troubled { tags.append("tenth") }
            if index % 100 == Self.troubled { tags.append("hundredth") }
            return Device(
                key: "d-\(index)", profileIndex: 0, domain: "test", name: Title(vi: "Trạm", en: "Station"),
                ward: "ward-\(index / 200)", latitude: 0, longitude: 0, cadence: Span.minute, tags: tags)
        }
    }
}
