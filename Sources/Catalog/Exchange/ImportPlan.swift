import Telemetry

/// What taking devices in would write: profiles that are not there yet, and rows of a fleet.
package struct ImportPlan: Sendable {
    /// A file to be.
    package struct Profile: Sendable {
        package var name: String
        package var draft: ProfileDraft
    }

    package private(set) var profiles: [Profile] = []
    package private(set) var rows: [FleetRow] = []
    /// What was left out, with the reason.
    package private(set) var unmapped: [DeviceImport.Unmapped]
    private let domain: String
    private let catalog: Catalog
    /// Where devices are that do not say it.
    private let ward: String
    private let position: DeviceImport.Position?

    /// - Parameters:
    ///   - domain: where they go.
    ///   - ward: of devices that have none; `_` for the whole city.
    ///   - position: of devices that have none; nil: their ward's centre.
    package init(
        _ found: DeviceImport, into domain: String, of catalog: Catalog, ward: String,
        position: DeviceImport.Position?
    ) {
        unmapped = found.unmapped
        self.domain = domain
        self.catalog = catalog
        self.ward = ward
        self.position = position
        for device in found.devices { add(device) }
    }

    private mutating func add(_ device: DeviceImport.Found) {
        var (id, alias) = FleetRow.identity(of: device.name)
        if let own = device.id {
            alias = device.name.lowercased() == own ? nil : device.name
            id = own
        }
        func leaveOut(_ reason: String) {
            unmapped.append(DeviceImport.Unmapped(what: device.name, reason: reason))
        }
        guard Identifier.isDevice(id) else { return leaveOut("`\(id)` cannot be an id") }
        if let known = catalog.devices.first(where: { $0.key == id || ($0.alias != nil && $0.alias == alias) }
        ) {
            return leaveOut("\(known.key) is a device of \(catalog.profiles[known.profileIndex].id) already")
        }
        if let other = rows.first(where: { $0.id == id }) {
            return leaveOut("its id would be \(id), as that of \(other.alias ?? other.id)")
        }
        let ward = device.ward ?? ward
        let place = catalog.wards.first { $0.code == ward }
        guard ward == "_" || place != nil else {
            return leaveOut(
                "there is no ward \(ward); known: \(catalog.wards.map(\.code).joined(separator: ", "))")
        }
        guard
            let position = device.position ?? position
                ?? place.map({ .init(latitude: $0.latitude, longitude: $0.longitude) })
        else { return leaveOut("where it is is not said: give its ward, or a place for all") }
        rows.append(
            FleetRow(
                id: id, alias: alias, profile: profile(device.profile), name: device.title, ward: ward,
                latitude: position.latitude, longitude: position.longitude))
    }

    /// The name of the profile, which is taken up if it is new.
    private mutating func profile(_ profile: DeviceImport.Found.Profile) -> String {
        switch profile {
        case .known(let name): return name
        case .draft(let draft):
            if let same = profiles.first(where: { $0.draft.isSame(as: draft) }) { return same.name }
            var name = draft.name
            var number = 2
            while true {
                // What is there already and hears the same was read over by somebody.
                if let there = catalog.profiles.first(where: { $0.domain == domain && $0.name == name }) {
                    if there.topics.contains(where: { $0.text == draft.firstTopic }) { return name }
                } else if !profiles.contains(where: { $0.name == name }) {
                    profiles.append(Profile(name: name, draft: draft))
                    return name
                }
                name = "\(draft.name)-\(number)"
                number += 1
            }
        }
    }

    /// Profiles of the domain that new devices speak by, and that are there already.
    package var keptProfiles: [String] {
        Set(rows.map(\.profile)).subtracting(profiles.map(\.name)).sorted()
    }

    /// The fleet with the new rows.
    /// - Parameter fleet: its text as it is, empty if there is none.
    /// - Throws: if the text is no fleet.
    package func fleet(from fleet: String) throws(FleetText.Mistake) -> String {
        var text = fleet
        for row in rows { text = try FleetText.adding(row, to: text) }
        return text
    }
}
