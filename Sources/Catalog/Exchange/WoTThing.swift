package import Telemetry

/// A device as a Thing Description of the W3C Web of Things (TD 1.1), for other systems to read.
package struct WoTThing: Encodable {
    /// A measurement as a property affordance (section 5.3.1.3).
    package struct Property: Encodable {
        var title: String
        var titles: [String: String]
        var type: String
        var unit: String?
        var minimum: Double?
        var maximum: Double?
        var enumeration: [String]?
        var readOnly = true
        var observable = true
        /// How values add up; nobody else has a word for it.
        var kind: String
        var forms: [Form]

        enum CodingKeys: String, CodingKey {
            case title, titles, type, unit, minimum, maximum, readOnly, observable, forms
            case enumeration = "enum"
            case kind = "ioc:kind"
        }
    }

    /// Where its messages are (Binding Template for MQTT).
    package struct Form: Encodable {
        var href: String
        var filter: String
        var contentType: String
        var op = "observeproperty"

        enum CodingKeys: String, CodingKey {
            case href, contentType, op
            case filter = "mqv:filter"
        }
    }

    static let idPrefix = "urn:ioc:device:"
    static let profilePrefix = "urn:ioc:profile:"

    private struct Security: Encodable { var scheme: String }
    private struct Link: Encodable {
        var rel: String
        var href: String
    }

    private let id: String
    private let title: String
    private let titles: [String: String]
    private let ward: String
    private let alias: String?
    private let latitude: Double
    private let longitude: Double
    private let links: [Link]
    private let properties: [String: Property]

    /// - Parameter broker: `mqtt://HOST:PORT`.
    package init(_ device: Device, _ profile: DeviceProfile, broker: String) {
        id = Self.idPrefix + device.key
        ward = device.ward
        alias = device.alias
        title = device.name.en
        titles = Self.titles(device.name)
        latitude = device.latitude
        longitude = device.longitude
        links = [Link(rel: "type", href: Self.profilePrefix + profile.id)]
        let forms = profile.topics.map { template in
            Form(
                href: broker, filter: template.filter(of: device.alias ?? device.key),
                contentType: profile.wire.form.contentType)
        }
        properties = Dictionary(
            uniqueKeysWithValues: profile.measurements.map { ($0.name, Self.property($0, forms)) })
    }

    private static func titles(_ title: Title) -> [String: String] { ["vi": title.vi, "en": title.en] }

    private static func property(_ measurement: Measurement, _ forms: [Form]) -> Property {
        let words = measurement.words.sorted { $0.value < $1.value }.map(\.word)
        let isBoolean = measurement.kind == .state && words.isEmpty
        return Property(
            title: measurement.title.en, titles: titles(measurement.title),
            type: isBoolean ? "boolean" : words.isEmpty ? "number" : "string",
            unit: measurement.kind == .state ? nil : measurement.unit, minimum: measurement.valid?.lowerBound,
            maximum: measurement.valid?.upperBound, enumeration: words.isEmpty ? nil : words,
            kind: measurement.kind.rawValue, forms: forms)
    }

    private enum CodingKeys: String, CodingKey {
        case id, title, titles, links, properties, security, securityDefinitions
        case context = "@context"
        case type = "@type"
        case latitude = "geo:lat"
        case longitude = "geo:long"
        case ward = "ioc:ward"
        case alias = "ioc:alias"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var context = container.nestedUnkeyedContainer(forKey: .context)
        try context.encode("https://www.w3.org/2022/wot/td/v1.1")
        try context.encode([
            "@language": "en", "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
            "mqv": "http://www.example.org/mqtt-binding#", "ioc": "urn:ioc:vocabulary#",
        ])
        try container.encode("Thing", forKey: .type)
        try container.encode(id, forKey: .id)
        try container.encode(title, forKey: .title)
        try container.encode(titles, forKey: .titles)
        try container.encode(latitude, forKey: .latitude)
        try container.encode(longitude, forKey: .longitude)
        try container.encode(ward, forKey: .ward)
        try container.encodeIfPresent(alias, forKey: .alias)
        try container.encode(links, forKey: .links)
        try container.encode(["nosec": Security(scheme: "nosec")], forKey: .securityDefinitions)
        try container.encode("nosec", forKey: .security)
        try container.encode(properties, forKey: .properties)
    }
}

extension Wire.Form {
    /// As media types call it, where one is registered.
    fileprivate var contentType: String {
        switch self {
        case .json: "application/json"
        case .senml: "application/senml+json"
        case .senmlCBOR: "application/senml+cbor"
        case .csv: "text/csv"
        case .scalar, .lineProtocol, .ultraLight: "text/plain"
        case .cayenneLPP, .sparkplug: "application/octet-stream"
        }
    }
}
