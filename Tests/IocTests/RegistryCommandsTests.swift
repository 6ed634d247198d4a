import Broker
import Catalog
import Foundation
import Store
import TestSupport
import Testing

/// Commands by which devices come into a fleet, on a service that runs.
@Suite("Unknown devices, and how they are taken in")
struct RegistryCommandsTests {
    private struct Unknown: Decodable {
        struct Device: Decodable {
            var name: String
            var profiles: [String]
            var count: Int
        }
        var unknown: [Device]
    }

    @Test("a stranger is listed with its traffic, taken in by one command, and heard by the next service")
    func adopt() throws {
        let copy = try GardenCopy()
        let (root, catalog) = (copy.root, copy.catalog)
        let service = try GardenService(catalog: catalog)
        let reader = try service.reader()
        try service.waitUntilSubscribed(to: "v3/garden/devices/+/up")
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let message = #"{"ts":\#(now),"seq":1,"m":455}"#
        try service.publish([
            ("garden/Bed-9", message), ("garden/Bed-9", message), ("garden/weather-9/lines", "air temp=1"),
            ("garden/Luống số 7", message),
        ])
        _ = try service.wait(for: "the refusals") { try reader.rejects().count == 3 ? true : nil }
        let listed = try service.ioc(["rejects", "--unknown", "--json"] + catalog)
        let found = try JSONDecoder().decode(Unknown.self, from: Data(listed.output.utf8)).unknown
        #expect(
            found.map(\.name) == ["Bed-9", "Luống số 7", "weather-9"] && found.map(\.count) == [2, 1, 1])
        #expect(found[2].profiles == ["garden/weather"])

        let adopted = try service.ioc(
            ["devices", "adopt", "Bed-9", "--profile", "garden/bed", "--ward", "an-cuu", "--lang", "en"]
                + catalog)
        #expect(adopted.status == 0 && adopted.output.contains("bed-9 is in"), "\(adopted)")
        let named = try service.ioc(
            [
                "devices", "adopt", "Luống số 7", "--profile", "garden/bed", "--lat", "16.4", "--lon",
                "107.6", "--lang", "en",
            ]
                + catalog)
        #expect(named.output.contains("luong-so-7 is in"), "\(named)")
        // Twice is a mistake, and nothing is written.
        let fleet = try String(contentsOfFile: root + "/devices/garden/fleet.csv", encoding: .utf8)
        let again = try service.ioc(
            ["devices", "adopt", "Bed-9", "--profile", "garden/bed", "--ward", "an-cuu"] + catalog)
        #expect(again.status == 1 && again.output.contains("already"), "\(again)")
        #expect(try String(contentsOfFile: root + "/devices/garden/fleet.csv", encoding: .utf8) == fleet)
        let nowhere = try service.ioc(
            ["devices", "adopt", "x", "--profile", "garden/bed", "--ward", "moon"] + catalog)
        #expect(nowhere.status == 1 && nowhere.output.contains("no ward moon"), "\(nowhere)")

        try service.restart()
        try service.publish([("garden/Bed-9", message), ("garden/Luống số 7", message)])
        for series in ["bed-9/moisture", "luong-so-7/moisture"] {
            let readings = try service.wait(for: series) {
                let readings = try reader.readings(series, from: now - 1, to: now + 1, limit: 2)
                return readings.isEmpty ? nil : readings
            }
            #expect(readings.map(\.value) == [45.5])
        }
        // What they said before is in the quarantine still; they are no strangers any more.
        let left = try service.ioc(["rejects", "--unknown", "--json"] + catalog)
        let strangers = try JSONDecoder().decode(Unknown.self, from: Data(left.output.utf8)).unknown
        #expect(strangers.map(\.name) == ["weather-9"])
    }

    @Test(
        "behind a gateway whose messages are of several devices a stranger is found, taken in and heard, too")
    func hub() throws {
        let copy = try GardenCopy()
        let profile = copy.root + "/devices/garden/valve.yaml"
        try Data(
            #"""
            title: {vi: Van, en: Valve}
            topic: garden/hub/{hub}
            format: json
            records: "/{device}/*"
            time: {field: ./ts, format: unix_ms}
            cadence: 60s
            measurements:
              - {name: flow, title: {vi: Lưu lượng, en: Flow}, field: ./flow, unit: L/s, kind: gauge, valid: [0, 100]}
            examples:
              - {name: one, topic: garden/hub/1, payload: '{"valve-1":[{"ts":1767574923000,"flow":1}]}', readings: {valve-1: {flow: 1}}}
              - {name: a stranger, topic: garden/hub/1, payload: '{"valve-2":[{"ts":1767574923000,"flow":1}]}', rejected: unknown-device}
            """#.utf8
        ).write(to: URL(fileURLWithPath: profile))
        let fleet = copy.root + "/devices/garden/fleet.csv"
        let rows = try String(contentsOfFile: fleet, encoding: .utf8)
        let header = rows.prefix { $0 != "\n" }.split(separator: ",", omittingEmptySubsequences: false)
        let known = [
            "id": "valve-1", "profile": "valve", "name": "Van 1", "name_en": "Valve 1", "ward": "an-cuu",
        ]
        let place = ["lat": "16.4", "lon": "107.6"]
        let row = header.map { known[String($0)] ?? place[String($0)] ?? "" }.joined(separator: ",")
        try Data((rows + row + "\n").utf8).write(to: URL(fileURLWithPath: fleet))
        let service = try GardenService(catalog: copy.catalog)
        let reader = try service.reader()
        try service.waitUntilSubscribed(to: "garden/hub/+")
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        func message(_ flow: Int, _ time: Int64) -> String {
            #"{"valve-1":[{"ts":\#(time),"flow":\#(flow)}],"Van số 2":[{"ts":\#(time),"flow":\#(flow + 1)}]}"#
        }
        try service.publish([("garden/hub/7", message(1, now))])
        _ = try service.wait(for: "the known device") {
            try reader.readings("valve-1/flow", from: now - 1, to: now + 1, limit: 2).isEmpty ? nil : true
        }
        let listed = try service.ioc(["rejects", "--unknown", "--json"] + copy.catalog)
        let found = try JSONDecoder().decode(Unknown.self, from: Data(listed.output.utf8)).unknown
        #expect(found.map(\.name) == ["Van số 2"] && found.map(\.profiles) == [["garden/valve"]])

        let adopted = try service.ioc(
            ["devices", "adopt", "Van số 2", "--ward", "an-cuu", "--lang", "en"] + copy.catalog)
        #expect(adopted.status == 0 && adopted.output.contains("van-so-2 is in"), "\(adopted)")
        try service.restart()
        try service.publish([("garden/hub/7", message(3, now + 1))])
        for (series, values) in [("valve-1/flow", [1.0, 3]), ("van-so-2/flow", [4])] {
            let readings = try service.wait(for: series) {
                let readings = try reader.readings(series, from: now - 1, to: now + 2, limit: 3)
                return readings.count == values.count ? readings : nil
            }
            #expect(readings.map(\.value) == values)
        }
        let left = try service.ioc(["rejects", "--unknown", "--json"] + copy.catalog)
        let strangers = try JSONDecoder().decode(Unknown.self, from: Data(left.output.utf8)).unknown
        #expect(strangers.isEmpty)
    }

    @Test("a profile is tried on live messages, whatever fleet the devices are in")
    func trial() throws {
        let service = try GardenService()
        try service.waitUntilSubscribed(to: "v3/garden/devices/+/up")
        let trial = try service.start(
            // By its file, as one that is being written and of no catalog yet.
            [
                "devices", "try", GardenService.fixtures + "/devices/garden/bed.yaml", "--count", "3",
                "--json", "--username", "ioc",
            ]
                + GardenService.catalog)
        _ = try service.wait(for: "the trial") { service.broker.log.contains("-try-") ? true : nil }
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        try service.publish([
            ("garden/bed-1", #"{"ts":\#(now),"seq":1,"m":455}"#),
            ("garden/bed-99", #"{"ts":\#(now),"seq":1,"m":1}"#),
            ("garden/bed-1", #"{"ts":\#(now),"seq":1,"m":"wet"}"#),
        ])
        let (status, output) = try trial.end()
        #expect(status == 0, "\(output)")
        #expect(output.contains(#"{"topic":"garden/bed-1","device":"bed-1","known":true,"readings":[{"#))
        #expect(output.contains(#""device":"bed-99","known":false,"readings":[{"#))
        #expect(output.contains(#""known":true,"rejected":"not-a-number","offset":"#))
        #expect(output.contains("3 messages, 1 refused"))
    }

    @Test("a bridge's devices are taken in by one command, heard by the next service, and go out again")
    func exchange() throws {
        let copy = try GardenCopy()
        let (root, catalog) = (copy.root, copy.catalog)
        let service = try GardenService(catalog: catalog)
        let devices = #"""
            [{"ieee_address":"0x1","type":"EndDevice","friendly_name":"Phòng 2","definition":{"vendor":"Acme","model":"T1",            "exposes":[{"type":"numeric","name":"temperature","property":"temperature","unit":"°C","access":1}]}}]
            """#.replacing("\\\n", with: "")
        try Data(devices.utf8).write(to: URL(fileURLWithPath: copy.folder.path + "/bridge.json"))
        let take =
            [
                "devices", "import", "zigbee2mqtt", copy.folder.path + "/bridge.json", "--domain", "school",
                "--ward", "an-cuu",
            ]
            + catalog
        let dry = try service.ioc(take)
        #expect(dry.status == 0 && dry.output.contains("nothing was written; add --write"), "\(dry)")
        #expect(!FileManager.default.fileExists(atPath: root + "/devices/school"))
        let written = try service.ioc(take + ["--write"])
        #expect(written.status == 0 && written.output.contains("phong-2,acme-t1,Phòng 2"), "\(written)")
        // Before that a signal ends it as it ends any program.
        try service.waitUntilSubscribed(to: "garden/+")
        try service.restart()
        try service.waitUntilSubscribed(to: "zigbee2mqtt/+")
        try service.publish([("zigbee2mqtt/Phòng 2", #"{"temperature":27.5}"#)])
        let reader = try service.reader()
        let value = try service.wait(for: "a reading") {
            try reader.series(domain: "school", ward: nil, device: nil).first?.value
        }
        #expect(value == 27.5)
        // A fault in the profile's domain leaves all as it was.
        try Data("title: x\n".utf8).write(to: URL(fileURLWithPath: root + "/devices/school/spoiled.yaml"))
        let spoiled = try service.ioc(take + ["--write"])
        #expect(spoiled.status == 78, "\(spoiled)")
        try FileManager.default.removeItem(atPath: root + "/devices/school/spoiled.yaml")
        let things = try service.ioc(["devices", "export", "wot", "phong-2"] + catalog)
        #expect(
            things.status == 0 && things.output.contains("\"mqv:filter\" : \"zigbee2mqtt/Phòng 2\""),
            "\(things)")
        let model = try service.ioc(["devices", "export", "sdm", "--domain", "school"] + catalog)
        #expect(model.output.contains("\"urn:ngsi-ld:Device:phong-2\""), "\(model)")
    }
}
