import Foundation
import Store
import Telemetry
import TestSupport
import Testing

/// Files of payloads, put through the program.
@Suite("Files that are replayed by a profile")
struct ReplayCommandTests {
    private static let profile = """
        title: {vi: Trạm, en: Station}
        topic: garden/stations/{hub}
        format: line-protocol
        device: station
        time: {format: unix_ms}
        cadence: 60s
        measurements:
          - {name: rain, title: {vi: Mưa, en: Rain}, field: rain, unit: mm, kind: gauge, valid: [0, 500]}
        examples:
          - {name: one, topic: garden/stations/1, payload: 'air,station=station-1 rain=1 1767574923000', readings: {station-1: {rain: 1}}}
          - {name: none, topic: garden/stations/1, payload: 'air,station=station-1 wind=1 1767574923000', rejected: no-readings}
        """

    private func replay(_ arguments: [String], _ copy: GardenCopy) throws -> (status: Int32?, output: String)
    {
        let log = copy.folder.path + "/log"
        let child = try ChildProcess(
            GardenService.program,
            ["replay"] + arguments + ["--data-dir", copy.folder.path + "/data"] + copy.catalog,
            log: log)
        let status = child.waitForExit(milliseconds: 120_000)
        return (status, try String(contentsOfFile: log, encoding: .utf8))
    }

    @Test("lines that say whose they are need no device, and go to those of the fleet")
    func lines() throws {
        let copy = try GardenCopy()
        try Data(Self.profile.utf8).write(
            to: URL(fileURLWithPath: copy.root + "/devices/garden/station.yaml"))
        let fleet = copy.root + "/devices/garden/fleet.csv"
        var rows = try String(contentsOfFile: fleet, encoding: .utf8)
        for number in 1...3 { rows += "station-\(number),station,Trạm,Station,an-cuu,16.4,107.6,,\n" }
        try Data(rows.utf8).write(to: URL(fileURLWithPath: fleet))
        // Four stations, of which one is a stranger, speak 600 times: more than one message has room for.
        var lines = ""
        for moment in 0..<600 {
            for number in 1...4 {
                lines +=
                    "air,station=station-\(number) rain=\(moment % 10) \(1_767_574_800_000 + moment * 1_000)\n"
            }
        }
        let file = copy.folder.path + "/stations.line"
        try Data(lines.utf8).write(to: URL(fileURLWithPath: file))
        let (status, output) = try replay([file, "--profile", "garden/station"], copy)
        #expect(status == 0 && output.contains("received 5 · stored 5 · rejected 0"), "\(output)")
        #expect(output.contains("readings 1800"), "\(output)")
        let reader = try StoreReader(directory: copy.folder.path + "/data")
        for number in 1...3 {
            let rain = try reader.rollups(
                "station-\(number)/rain", tier: .hour, from: 1_767_574_800_000, to: 1_767_578_400_000,
                limit: 2)
            #expect(rain.map(\.count) == [600] && rain.map(\.sum) == [2_700])
        }
        let rain = try reader.readings("station-3/rain", from: 0, to: .max, limit: 1_000)
        #expect(rain.map(\.value) == (0..<600).map { Double($0 % 10) })
        // Taken again it is a repeat, every message of it, though the journal has forgotten their bytes.
        let again = try replay([file, "--profile", "garden/station", "--anew"], copy)
        #expect(again.output.contains("received 5 · stored 0 · rejected 0 · duplicate 5"), "\(again.output)")
        let wrong = try replay([file, "--profile", "garden/station", "--device", "station-1"], copy)
        #expect(wrong.status != 0 && wrong.output.contains("leave out --device"), "\(wrong.output)")
        let missing = try replay([file, "--profile", "garden/bed"], copy)
        #expect(missing.status != 0 && missing.output.contains("say with --device"), "\(missing.output)")
    }
}
