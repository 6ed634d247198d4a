import Catalog
import Telemetry
import Testing

@Suite("Limits of profiles and fleets")
struct ExcessTests {
    private func world(_ limits: String) throws -> GardenWorld {
        let world = try GardenWorld()
        try world.replace("intake:", with: "limits: {\(limits)}\nintake:", in: "config/ioc.yaml")
        return world
    }

    @Test("a world within its limits has no excess, and is not changed")
    func within() throws {
        let catalog = try GardenWorld().load()
        #expect(catalog.excess == [])
        #expect(catalog.withinLimits().devices.map(\.key) == catalog.devices.map(\.key))
    }

    @Test("devices behind the first so many of a profile are named with their place, and left out")
    func devices() throws {
        let world = try world("devices_per_profile: 1")
        #expect(world.faults() == [])
        let catalog = try world.load()
        let excess = try #require(catalog.excess.first)
        #expect(catalog.excess.count == 1)
        #expect(excess.limit == .devicesPerProfile)
        #expect(excess.count == 1)
        #expect(
            excess.fault.description.hasSuffix(
                "devices/garden/fleet.csv:3:1: id: 2 devices of `bed` are more than limits.devices_per_profile, 1: "
                    + "`bed-2` and those behind it are left out; split the profile, or raise the limit"))
        // `ioc check` says it, and nothing else: examples and rule tests of the device left out still hold.
        #expect(catalog.check() == [excess.fault])
        #expect(
            catalog.withinLimits().devices.map(\.key) == [
                "bed-1", "gate-1", "pump-1", "scale-1", "paths-1", "weather-1", "tank-1", "soil-1", "lamp-1",
                "mist-1", "cistern-1",
            ])
    }

    @Test(
        "measurements behind the first so many of a profile are left out, and the others are decoded as before"
    )
    func measurements() throws {
        let world = try world("series_per_device: 1")
        #expect(world.faults() == [])
        let catalog = try world.load()
        #expect(catalog.excess.allSatisfy { $0.limit == .seriesPerDevice })
        #expect(catalog.excess.map(\.count) == [2, 3, 2, 1, 1, 4, 1, 2])
        #expect(
            catalog.excess[0].fault.description.hasSuffix(
                "devices/garden/cistern.yaml:1:1: measurements: 3 are more than limits.series_per_device, 1: "
                    + "`temperature` and those behind it are left out; split the profile, or raise the limit")
        )
        #expect(catalog.check() == catalog.excess.map(\.fault))
        let cut = catalog.withinLimits()
        #expect(cut.profiles.map { $0.measurements.map(\.name) }.allSatisfy { $0.count == 1 })
        #expect(cut.profiles.allSatisfy { $0.wire.fields.count == $0.measurements.count })
        // What is left is read as if the rest of the message were not there.
        let failures = cut.profiles.flatMap { profile in
            profile.examples.compactMap { cut.exampleRunner.run($0, of: profile) }
        }
        #expect(
            failures == [
                "pumping: expected 1.0, got nothing; temperature: expected -5.0, got nothing",
                "flow: expected 30.0, got nothing; open: expected 1.0, got nothing; "
                    + "water: expected 120.0, got nothing",
                "busiest: expected [4.0, 5.0], got nothing; strolls: expected 0.5, got nothing",
                "humidity: expected 55.0, got nothing", "bruised: expected [0.2, 0.1], got nothing",
                "humidity: expected 45.0, got nothing; pumping: expected 1.0, got nothing; "
                    + "rssi: expected -97.0, got nothing",
                "full: expected 0.75, got nothing",
                "door: expected 1.0, got nothing; rain: expected [0.0, 0.2], got nothing",
                "rain: expected 0.0, got nothing",
            ])
    }

    @Test(
        "a rule that names what is left out is no mistake: it has nothing to look at, and the service starts")
    func rules() throws {
        let world = try world("devices_per_profile: 1")
        try world.replace("devices: [gate-1]", with: "devices: [gate-2]", in: "config/alerts/garden.yaml")
        try world.replace(
            "gate-1,gate,Cổng,Gate,hai-duong,16.57,107.60,,",
            with:
                "gate-1,gate,Cổng,Gate,hai-duong,16.57,107.60,,\ngate-2,gate,Cổng,Gate,hai-duong,16.57,107.60,,",
            in: "devices/garden/fleet.csv")
        #expect(world.faults() == [])
        let cut = try world.load().withinLimits()
        let registry = Registry(profiles: cut.profiles, devices: cut.devices)
        let engine = AlertEngine(rules: cut.rules, registry: registry, listeningSince: 0)
        #expect(engine.rules.count == 5)
        #expect(registry.slot(ofKey: "gate-2") == nil)
    }

    @Test("a fleet may be as large as a register of the whole city")
    func large() throws {
        let world = try GardenWorld()
        let header = "id,profile,name,name_en,ward,lat,lon\n"
        let rows = (0..<20_000).map {
            "lamp-\($0),bed,Đèn đường số \($0),Street lamp \($0),an-cuu,16.45,107.60"
        }
        try world.write(header + rows.joined(separator: "\n"), to: "devices/garden/fleet.csv")
        try world.remove("config/alerts")
        try world.makeFolder("config/alerts")
        let catalog = try world.load()
        #expect(catalog.devices.count == 20_000)
        #expect(catalog.excess == [])
    }
}
