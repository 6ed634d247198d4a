import Foundation
import Telemetry
import Testing

@testable import Catalog

@Suite("Thing Descriptions")
struct ThingDescriptionTests {
    private func exported(_ devices: [Device], _ catalog: Catalog) throws -> String {
        let things = devices.map {
            WoTThing($0, catalog.profiles[$0.profileIndex], broker: "mqtt://broker.example:1883")
        }
        return String(decoding: try JSONEncoder().encode(things), as: UTF8.self)
    }

    @Test("a fleet that goes out comes back as it was")
    func roundTrip() throws {
        let bench = try ImportBench()
        let before = bench.catalog.devices
        let text = try exported(before, bench.catalog)
        // Where it came from nothing is new.
        let again = try bench.plan(text, .wot)
        #expect(again.rows.isEmpty && again.unmapped.count == before.count)
        #expect(again.unmapped.allSatisfy { $0.reason.hasSuffix("already") })
        try bench.world.write("id,profile,name,name_en,ward,lat,lon\n", to: "devices/garden/fleet.csv")
        try bench.world.remove("config/alerts")
        try bench.world.makeFolder("config/alerts")
        let empty = try bench.world.load()
        let found = try ImportFormat.wot.read(
            "\(bench.world.root)/registry", for: "garden", of: empty, cadence: Span.hour)
        let plan = ImportPlan(found, into: "garden", of: empty, ward: "_", position: nil)
        #expect(plan.unmapped == [] && plan.profiles.isEmpty)
        let after = try bench.write(plan).devices
        #expect(after.map(\.key) == before.map(\.key) && after.map(\.alias) == before.map(\.alias))
        #expect(after.map(\.name) == before.map(\.name) && after.map(\.ward) == before.map(\.ward))
        #expect(after.map(\.profileIndex) == before.map(\.profileIndex))
        #expect(after.map(\.latitude) == before.map(\.latitude))
        #expect(after.map(\.longitude) == before.map(\.longitude))
    }

    @Test("a property says its unit, its bounds and the topic of its device")
    func property() throws {
        let bench = try ImportBench()
        let bed = try #require(bench.catalog.devices.first { $0.key == "bed-1" })
        let thing = try #require(JSONValue(try exported([bed], bench.catalog))?.items.first)
        #expect(
            thing["@type"] == .text("Thing")
                && thing["securityDefinitions"]?["nosec"]?["scheme"] == .text("nosec"))
        let moisture = thing["properties"]?["moisture"]
        #expect(moisture?["unit"] == .text("%") && moisture?["maximum"] == .number(100))
        #expect(moisture?["forms"]?.items.first?["mqv:filter"] == .text("garden/bed-1"))
        #expect(moisture?["forms"]?.items.first?["contentType"] == .text("application/json"))
        let cistern = try #require(bench.catalog.devices.first { $0.key == "cistern-1" })
        let tank = try #require(JSONValue(try exported([cistern], bench.catalog))?.items.first)
        #expect(
            tank["properties"]?.members.values.first?["forms"]?.items.first?["mqv:filter"]
                == .text("spBv1.0/Garden 1/+/Edge A/Cistern"))
    }

    @Test("a thing of another maker becomes a profile, with a topic for each property or one for all")
    func foreign() throws {
        let bench = try ImportBench()
        let plan = try bench.plan(
            """
            [{"id":"urn:dev:ops:32473-Station-9","title":"Trạm 9","base":"mqtt://broker.example:1883/",
              "geo:lat":16.4,"geo:long":107.6,"properties":{
              "temp":{"type":"number","unit":"degree celsius","forms":[{"href":"st/32473-Station-9/temp"}]},
              "rain":{"type":"number","unit":"mm","forms":[{"href":"coap://x/y"},{"href":"st/32473-Station-9/rain"}]},
              "door":{"type":"boolean","forms":[{"href":"st/32473-Station-9/door"}]},
              "notes":{"type":"object","forms":[{"href":"st/32473-Station-9/notes"}]},
              "hidden":{"type":"number","forms":[{"href":"https://x.example/y"}]}}},
             {"id":"urn:x:pump-4","title":"Pump","properties":{
              "flow":{"type":"number","unit":"L/s","forms":[{"href":"mqtt://b","mqv:filter":"pumps/pump-4"}]},
              "mode":{"type":"string","enum":["off","auto"],"forms":[{"href":"mqtt://b","mqv:topic":"pumps/pump-4"}]}}}]
            """, .wot)
        #expect(
            plan.unmapped.map(\.description) == [
                "urn:dev:ops:32473-Station-9 hidden: has no form for MQTT",
                "urn:dev:ops:32473-Station-9 notes: a object is neither a number nor one of some words",
                "urn:dev:ops:32473-Station-9 temp: unit `degree celsius` is in no table",
            ])
        #expect(plan.rows.map(\.id) == ["32473-station-9", "pump-4"] && plan.rows[0].latitude == 16.4)
        let catalog = try bench.write(plan)
        #expect(
            ImportBench.readings("0.2", on: "st/32473-Station-9/rain", in: catalog) == ["rain": 0.2])
        #expect(
            ImportBench.readings(#"{"flow":2.5,"mode":"auto"}"#, on: "pumps/pump-4", in: catalog)
                == ["flow": 2.5, "mode": 1])
    }

    @Test("a Device of the Smart Data Models has what they ask for, longitude first")
    func smartDataModel() throws {
        let bench = try ImportBench()
        let bed = try #require(bench.catalog.devices.first { $0.key == "bed-1" })
        let data = try JSONEncoder().encode(SDMDevice(bed, bench.catalog.profiles[bed.profileIndex]))
        let device = try #require(JSONValue(String(decoding: data, as: UTF8.self)))
        #expect(device["id"] == .text("urn:ngsi-ld:Device:bed-1") && device["type"] == .text("Device"))
        #expect(device["category"] == .array([.text("sensor")]))
        #expect(device["controlledProperty"] == .array([.text("moisture")]))
        #expect(device["location"]?["coordinates"] == .array([.number(107.6), .number(16.45)]))
    }
}
