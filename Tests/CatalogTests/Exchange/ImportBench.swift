import Catalog
import Foundation
import Telemetry

/// Registries of other systems, read into the garden.
struct ImportBench {
    let world: GardenWorld
    let catalog: Catalog

    init() throws {
        world = try GardenWorld()
        catalog = try world.load()
    }

    /// Recorded messages, one a line.
    static func recorded(_ messages: [(topic: String, payload: String)]) -> String {
        messages.map { topic, payload in
            let text = String(decoding: try! JSONEncoder().encode(payload), as: UTF8.self)
            return "{\"tst\":\"2026-01-05T08:02:03.021+0700\",\"topic\":\"\(topic)\",\"payload\":\(text)}\n"
        }.joined()
    }

    func read(_ text: String, _ format: ImportFormat) throws -> DeviceImport {
        try world.write(text, to: "registry")
        return try format.read(
            "\(world.root)/registry", for: "garden", of: catalog, cadence: Span.hour)
    }

    func plan(_ text: String, _ format: ImportFormat, ward: String = "an-cuu") throws -> ImportPlan {
        ImportPlan(try read(text, format), into: "garden", of: catalog, ward: ward, position: nil)
    }

    /// Puts the plan's files into the world.
    /// - Returns: the catalog with them, which must be sound.
    func write(_ plan: ImportPlan) throws -> Catalog {
        for profile in plan.profiles {
            try world.write(
                try profile.draft.yaml(origin: "a test"), to: "devices/garden/\(profile.name).yaml")
        }
        let fleet = try String(contentsOfFile: "\(world.root)/devices/garden/fleet.csv", encoding: .utf8)
        try world.write(try plan.fleet(from: fleet), to: "devices/garden/fleet.csv")
        return try world.load()
    }

    /// What a message means to the world with the plan in it, by measurement.
    static func readings(_ payload: String, on topic: String, in catalog: Catalog) -> [String: Double]? {
        let scratch = DecodeScratch(limits: DecodeLimits())
        var message = DecodedMessage()
        var topic = topic
        let rejection: (DeviceProfile, Rejection?)? = topic.withUTF8 { topic in
            for device in catalog.devices {
                let profile = catalog.profiles[device.profileIndex]
                guard let (name, field) = profile.device(in: topic),
                    Registry(profiles: catalog.profiles, devices: catalog.devices).slot(
                        named: name, in: topic
                    )
                    .map({ catalog.devices[$0].key }) == device.key
                else { continue }
                let rejection = Array(payload.utf8).withUnsafeBytes {
                    profile.format.decode(
                        $0, device: name, field: field, now: Example.defaultNow, into: scratch, &message)
                }
                return (profile, rejection)
            }
            return nil
        }
        guard let (profile, fault) = rejection, fault == nil else { return nil }
        return Dictionary(
            uniqueKeysWithValues: scratch.decoded.map {
                (profile.measurements[$0.series.index].name, $0.value)
            })
    }
}
