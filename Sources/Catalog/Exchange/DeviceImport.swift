package import Telemetry

/// What the registry of another system says of its devices, in our words.
package struct DeviceImport: Sendable, Equatable {
    /// A device with the profile it would speak by.
    package struct Found: Sendable, Equatable {
        package enum Profile: Sendable, Equatable {
            /// One of the domain that is there, by its name.
            case known(String)
            case draft(ProfileDraft)
        }

        /// As its topics call it.
        var name: String
        /// nil: from its name.
        var id: String?
        var title: Title
        var profile: Profile
        /// nil: as the others.
        var ward: String?
        /// nil: as the others, or the centre of its ward.
        var position: Position?

        package init(
            name: String, id: String? = nil, title: Title, profile: Profile, ward: String? = nil,
            position: Position? = nil
        ) {
            self.name = name
            self.id = id
            self.title = title
            self.profile = profile
            self.ward = ward
            self.position = position
        }
    }

    /// Degrees, WGS84.
    package struct Position: Sendable, Equatable {
        package var latitude: Double
        package var longitude: Double
        package init(latitude: Double, longitude: Double) {
            self.latitude = latitude
            self.longitude = longitude
        }
    }

    /// Something that was left out.
    package struct Unmapped: Sendable, Equatable, CustomStringConvertible {
        /// A device, or one of its values.
        package var what: String
        package var reason: String
        package var description: String { "\(what): \(reason)" }
    }

    var devices: [Found] = []
    var unmapped: [Unmapped] = []

    package init(devices: [Found] = []) { self.devices = devices }

    mutating func leaveOut(_ what: String, _ reason: String) {
        unmapped.append(Unmapped(what: what, reason: reason))
    }
}

/// Whose registry a file is of.
package enum ImportFormat: String, CaseIterable, Sendable {
    case homeAssistant = "home-assistant"
    case zigbee2mqtt
    case thingsBoardCSV = "thingsboard-csv"
    case wot

    /// Registers of whole cities are exported in parts; one of 10 000 devices has about 40 MB.
    static let maximumBytes = 64 << 20

    /// Reads the file at `path`.
    /// - Parameters:
    ///   - domain: where its devices are to go.
    ///   - cadence: of devices of which the file does not say how often they speak.
    /// - Throws: `CatalogFaults` if it is no such file.
    package func read(_ path: String, for domain: String, of catalog: Catalog, cadence: Milliseconds)
        throws(CatalogFaults) -> DeviceImport
    {
        let log = FaultLog()
        let file = SourceFile(path: path, log: log)
        let found = TextFile.read(file, maximumBytes: Self.maximumBytes).flatMap { text -> DeviceImport? in
            let known = catalog.profiles.filter { $0.domain == domain }
            switch self {
            case .homeAssistant: return HomeAssistantDiscovery(cadence: cadence).read(text, file)
            case .zigbee2mqtt: return ZigbeeBridge(cadence: cadence).read(text, file)
            case .thingsBoardCSV: return ThingsBoardTable(profiles: known).read(text, file)
            case .wot: return ThingDescription(profiles: known, cadence: cadence).read(text, file)
            }
        }
        guard let found, log.faults.isEmpty else { throw CatalogFaults(log.faults) }
        return found
    }
}
