import Telemetry

/// What `limits` leave no room for. The service starts with the first so many and leaves the rest out: a fleet that was
/// exported twice as large must not keep the city from being seen. `ioc check` says it as a mistake, before it happens.
package struct Excess: Sendable, Equatable {
    package enum Limit: String, Sendable {
        case seriesPerDevice = "series_per_device"
        case devicesPerProfile = "devices_per_profile"
    }

    package var limit: Limit
    /// Measurements or devices left out.
    package var count: Int
    /// Where they begin.
    package var fault: LocatedFault
}

extension Catalog {
    /// What the service works with: of each profile the first measurements and devices, as many as `limits` allow.
    package func withinLimits() -> Catalog {
        guard !excess.isEmpty else { return self }
        var catalog = self
        catalog.profiles = profiles.map { Self.cut($0, to: settings.limits.seriesPerDevice) }
        var counts = Array(repeating: 0, count: profiles.count)
        catalog.devices = devices.filter { device in
            counts[device.profileIndex] += 1
            return counts[device.profileIndex] <= settings.limits.devicesPerProfile
        }
        return catalog
    }

    private static func cut(_ profile: DeviceProfile, to count: Int) -> DeviceProfile {
        guard profile.measurements.count > count else { return profile }
        var cut = profile
        cut.measurements.removeSubrange(count...)
        cut.wire.fields.removeSubrange(count...)
        guard let format = try? cut.wire.compile(for: cut.measurements) else { return profile }
        cut.format = format
        return cut
    }
}

extension CatalogLoader {
    /// By profile. Rules and examples are checked against all there is, so that leaving out makes no other mistakes.
    func excess() -> [Excess] {
        var devicesOfProfile: [Int: [String]] = [:]
        for device in devices { devicesOfProfile[device.profileIndex, default: []].append(device.key) }
        return profiles.indices.flatMap { index in
            [
                measurementExcess(profiles[index]),
                deviceExcess(profiles[index], devicesOfProfile[index] ?? []),
            ]
            .compactMap { $0 }
        }
    }

    private func measurementExcess(_ profile: DeviceProfile) -> Excess? {
        let most = settings.limits.seriesPerDevice
        let names = profile.measurements.map(\.name)
        guard names.count > most else { return nil }
        let fault = LocatedFault(
            file: "\(devicesPath)/\(profile.id).yaml",
            message: "measurements: \(names.count) are more than limits.series_per_device, \(most): "
                + "`\(names[most])` and those behind it are left out; split the profile, or raise the limit")
        return Excess(limit: .seriesPerDevice, count: names.count - most, fault: fault)
    }

    private func deviceExcess(_ profile: DeviceProfile, _ keys: [String]) -> Excess? {
        let most = settings.limits.devicesPerProfile
        guard keys.count > most else { return nil }
        let fault = LocatedFault(
            place: "\(devicePlaces.ids[keys[most]] ?? devicesPath):1",
            message:
                "id: \(keys.count) devices of `\(profile.name)` are more than limits.devices_per_profile, "
                + "\(most): `\(keys[most])` and those behind it are left out; split the profile, or raise the limit"
        )
        return Excess(limit: .devicesPerProfile, count: keys.count - most, fault: fault)
    }
}
