/// A kind of device: how it speaks and what it measures.
package struct DeviceProfile: Sendable {
    /// `domain/profile`, as the files are named.
    package var id: String { "\(domain)/\(name)" }
    package var domain: String
    package var name: String
    package var title: Title
    /// The source system in the programme's register, e.g. `S13`.
    package var system: String?
    package var topics: [TopicTemplate]
    package var cadence: Milliseconds
    package var measurements: [Measurement]
    package var wire: Wire
    package var format: PayloadFormat
    package var examples: [Example]
    /// Whether its topics name the field a payload is; see `TopicTemplate.filled`.
    package var hasTopicPerField: Bool { wire.form == .scalar && wire.fields.contains { $0.field != nil } }

    /// Whether `ioc simulate` can speak it: not where a message needs others before it, a topic of its own per field, or
    /// other devices in it.
    package var canBeSimulated: Bool { !hasTopicPerField && wire.form != .sparkplug && !wire.namesDevices }

    /// What its first template that fits calls the device, and the field that a scalar payload then is; nil if none fits.
    package func device(in topic: UnsafeBufferPointer<UInt8>) -> (
        name: UnsafeBufferPointer<UInt8>, field: Int
    )? {
        for template in topics {
            if let name = template.device(in: topic) { return (name, template.field) }
        }
        return nil
    }

    package init(
        domain: String, name: String, title: Title, system: String? = nil, topics: [TopicTemplate],
        cadence: Milliseconds, measurements: [Measurement], wire: Wire, format: PayloadFormat,
        examples: [Example] = []
    ) {
        self.domain = domain
        self.name = name
        self.title = title
        self.system = system
        self.topics = topics
        self.cadence = cadence
        self.measurements = measurements
        self.wire = wire
        self.format = format
        self.examples = examples
    }
}

/// One device of a fleet.
package struct Device: Sendable {
    package var key: String
    /// What its topics call it, if that is not its key.
    package var alias: String?
    package var profileIndex: Int
    package var domain: String
    package var name: Title
    /// Code of a ward or commune, or `_` for the whole city.
    package var ward: String
    package var latitude: Double
    package var longitude: Double
    package var cadence: Milliseconds
    /// Key of the device over which it is heard; nil if it is heard by itself.
    package var gateway: String?
    /// Words by which rules find it.
    package var tags: [String]

    package init(
        key: String, alias: String? = nil, profileIndex: Int, domain: String, name: Title, ward: String,
        latitude: Double, longitude: Double, cadence: Milliseconds, gateway: String? = nil,
        tags: [String] = []
    ) {
        self.gateway = gateway
        self.tags = tags
        self.key = key
        self.alias = alias
        self.profileIndex = profileIndex
        self.domain = domain
        self.name = name
        self.ward = ward
        self.latitude = latitude
        self.longitude = longitude
        self.cadence = cadence
    }
}

/// An example of a profile: a message and what it must become.
package struct Example: Sendable {
    package var name: String
    package var topic: String
    package var payload: [UInt8]
    package var now: Milliseconds
    package var expectation: Expectation
    /// Why a part of it is refused while the rest is taken; nil if it is taken or refused whole.
    package var partial: RejectionReason?
    /// Where it stands, for reports.
    package var place: String

    package enum Expectation: Sendable {
        /// Values by measurement, in order of records; of several devices by device and measurement, as `key` joins them.
        case readings([String: [Value]])
        case rejected(RejectionReason)
    }

    package struct Value: Sendable, Equatable {
        package var value: Double
        package var quality: Quality
        package init(value: Double, quality: Quality = .good) {
            self.value = value
            self.quality = quality
        }
    }

    /// What values of a device among several stand under.
    package static func key(_ device: String, _ measurement: String) -> String { device + " " + measurement }

    /// 2026-01-05 08:02:03 in Huế: the clock of examples that name none.
    package static let defaultNow: Milliseconds = 1_767_574_923_000

    package init(
        name: String, topic: String, payload: [UInt8], now: Milliseconds, expectation: Expectation,
        partial: RejectionReason? = nil, place: String
    ) {
        self.name = name
        self.topic = topic
        self.payload = payload
        self.now = now
        self.expectation = expectation
        self.partial = partial
        self.place = place
    }
}
