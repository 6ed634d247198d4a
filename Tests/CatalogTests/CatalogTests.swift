import Catalog
import Telemetry
import Testing

@Suite("Catalog")
struct CatalogTests {
    @Test("a sound world is loaded whole, and its examples and tests come as expected")
    func good() throws {
        let catalog = try GardenWorld().load()
        #expect(
            catalog.profiles.map(\.id) == [
                "garden/bed", "garden/cistern", "garden/gate", "garden/lamp", "garden/mist", "garden/paths",
                "garden/pump",
                "garden/scale",
                "garden/soil", "garden/tank", "garden/weather",
            ])
        #expect(
            catalog.devices.map(\.key) == [
                "bed-1", "bed-2", "gate-1", "pump-1", "scale-1", "paths-1", "weather-1", "tank-1", "soil-1",
                "lamp-1", "mist-1", "cistern-1",
            ])
        #expect(catalog.rules.map(\.name) == ["BedDry", "BedWet", "GateOpen", "PumpSilent", "BedsDry"])
        #expect(catalog.check() == [])
    }

    @Test("a profile says everything its file says")
    func profile() throws {
        let bed = try #require(try GardenWorld().load().profiles.first)
        #expect(bed.title == Title(vi: "Luống", en: "Bed"))
        #expect(bed.cadence == Span.minute)
        #expect(bed.topics.map(\.filter) == ["garden/+"])
        let moisture = try #require(bed.measurements.first)
        #expect(moisture.valid == 0...100)
        #expect(moisture.keepsQuantiles)
        let simulation = try #require(moisture.simulation)
        #expect(simulation.peakMinutes == [420])
        #expect(simulation.openMinutes == 360..<1_440)
        #expect(simulation.surge?.every == 3 * Span.day)
        #expect(bed.wire.fields.first?.scale == 0.1)
        #expect(bed.wire.sequenceField == "/seq")
    }

    @Test("a device has the cadence of its profile unless its row says another, and a name may hold a comma")
    func fleet() throws {
        let devices = try GardenWorld().load().devices
        #expect(devices.map(\.cadence).prefix(2) == [Span.minute, 5 * Span.minute])
        #expect(devices[0].name == Title(vi: "Luống hoa, cổng", en: "Flower bed"))
        #expect(devices[1].ward == "_")
    }

    @Test("a ward is there from its first local midnight to the end of its last day")
    func wards() throws {
        let wards = try GardenWorld().load().wards
        // 2021-07-01 and 2025-01-01 in Huế, seven hours ahead of UTC.
        #expect(wards[0].validFrom == 1_625_097_600_000 - 7 * Span.hour)
        #expect(wards[0].validUntil == 1_735_689_600_000 - 7 * Span.hour)
        #expect(wards[1].validUntil == nil)
        #expect(wards.map(\.kind) == [.ward, .commune])
    }

    @Test("rules carry their delays, limits and places")
    func rules() throws {
        let rules = try GardenWorld().load().rules
        #expect(
            rules[0].condition
                == .threshold(measurement: "moisture", window: nil, limit: .below(20, clear: 25)))
        #expect(rules[0].conduct.onDelay == 2 * Span.minute)
        #expect(rules[0].conduct.offDelay == Span.minute)
        #expect(rules[0].place.hasSuffix("config/alerts/garden.yaml:4:9"))
        #expect(
            rules[1].condition
                == .threshold(
                    measurement: "moisture", window: AlertWindow(length: 2 * Span.minute, statistic: .mean),
                    limit: .outside(10...90, clear: 15...85)))
        #expect(!rules[2].isEnabled)
        #expect(rules[3].condition == .quiet(cadences: 4))
    }

    @Test("an example that comes otherwise is named with its place and what was got")
    func failingExample() throws {
        let world = try GardenWorld()
        try world.replace(
            "readings: {moisture: 45.5}", with: "readings: {moisture: 45.6}", in: "devices/garden/bed.yaml")
        let faults = try world.load().check()
        #expect(faults.map(\.message) == ["example \"a wet bed\": moisture: expected 45.6, got 45.5"])
        #expect(faults.first?.place.hasSuffix("devices/garden/bed.yaml:18:5") == true)
    }

    @Test("a folder that begins with `_` is a library: checked and run, but of no domain and without devices")
    func library() throws {
        let world = try GardenWorld()
        try world.makeFolder("devices/_library")
        try world.copy("devices/garden/gate.yaml", to: "devices/_library/door.yaml")
        // The same topics in one more profile: each is run alone.
        try world.copy("devices/garden/gate.yaml", to: "devices/_library/gate.yaml")
        let catalog = try world.load()
        #expect(catalog.library.map(\.id) == ["_library/door", "_library/gate"])
        #expect(try catalog.profiles.map(\.id) == GardenWorld().load().profiles.map(\.id))
        #expect(catalog.check() == [])
        try world.replace("{position: 1}", with: "{position: 0}", in: "devices/_library/gate.yaml")
        #expect(
            try world.load().check().map(\.message) == [
                "example \"open\": position: expected 0.0, got 1.0"
            ])
    }

    @Test("mistakes in a library are mistakes, and so is a fleet in it")
    func libraryMistakes() throws {
        let world = try GardenWorld()
        try world.makeFolder("devices/_Two words")
        try world.write("id\n", to: "devices/_Two words/fleet.csv")
        try world.makeFolder("devices/_library")
        try world.write("topic: [\n", to: "devices/_library/bed.yaml")
        #expect(
            world.faults().map { String($0.prefix { $0 != ":" }) } == [
                "devices/_Two words", "devices/_Two words/fleet.csv", "devices/_library/bed.yaml",
            ])
        let empty = try GardenWorld()
        try empty.remove("devices/garden")
        try empty.makeFolder("devices/_library")
        #expect(empty.faults().contains("devices:1:1: there is no domain in here: make a folder for one"))
    }

    @Test("an example may not leave a reading of its message unnamed")
    func unnamedReading() throws {
        let world = try GardenWorld()
        try world.replace(", busiest: [4, 5]", with: "", in: "devices/garden/paths.yaml")
        #expect(
            try world.load().check().map(\.message) == [
                "example \"two hours\": busiest: expected nothing, got [4.0, 5.0]"
            ])
    }

    @Test("an example on another profile's topic is told so")
    func borrowedTopic() throws {
        let world = try GardenWorld()
        try world.replace("topic: gates/gate-1", with: "topic: garden/bed-1", in: "devices/garden/gate.yaml")
        #expect(
            try world.load().check().map(\.message) == [
                "example \"open\": the topic belongs to a device of garden/bed"
            ])
    }

    @Test("a rule test that comes otherwise is named at the expectation")
    func failingRuleTest() throws {
        let world = try GardenWorld()
        try world.replace(
            "{at: 1m, state: pending}", with: "{at: 1m, state: normal}", in: "config/alerts/garden.test.yaml")
        let faults = try world.load().check()
        #expect(
            faults.map(\.message) == [
                "test \"a dry spell and a watering can\": at 1m: expected `normal`, got `pending` on bed-2"
            ])
        #expect(faults.first?.place.hasSuffix("config/alerts/garden.test.yaml:10:9") == true)
    }

    @Test("acknowledging what is not there fails a rule test")
    func nothingToAcknowledge() throws {
        let world = try GardenWorld()
        try world.replace("[5m]", with: "[1m, 5m]", in: "config/alerts/garden.test.yaml")
        #expect(
            try world.load().check().map(\.message) == [
                "test \"a dry spell and a watering can\": at 1m: there is nothing to acknowledge"
            ])
    }
}
