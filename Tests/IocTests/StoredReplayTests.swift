import ArgumentParser
import Catalog
import Foundation
import Store
import Telemetry
import TestSupport
import Testing

@testable import ioc

/// What rules look at besides readings, usual levels and regimes, is in a replay what it was.
@Suite("Replays begin with what was stored before")
struct StoredReplayTests {
    /// A Monday, 00:00 in Huế.
    private static let start: Milliseconds = 1_764_522_000_000 + 5 * 7 * Span.day
    private static let weeks = 4

    private static let rules = """
        groups:
          - name: garden
            rules:
              - alert: BedUnusual
                title: {vi: Lạ, en: Unusual}
                when: {measurement: moisture, unit: "%", window: 1h, deviates: 3, clear: 2, weeks: 4, spread_at_least: 2}
                priority: low
                lead: gardener
                action: {vi: Xem, en: Look}
                summary: {vi: "{value}", en: "{value}"}
              - alert: BedDry
                title: {vi: Khô, en: Dry}
                when: {measurement: moisture, unit: "%", below: 20, clear: 25, instead: [{during: drought, below: 45, clear: 50}]}
                priority: low
                lead: gardener
                action: {vi: Xem, en: Look}
                summary: {vi: "{value}", en: "{value}"}
              - alert: MonthDry
                title: {vi: Tháng khô, en: Dry month}
                when: {measurement: moisture, unit: "%", period: month, stat: mean, below: 30}
                priority: low
                lead: gardener
                action: {vi: Xem, en: Look}
                summary: {vi: "{value}", en: "{value}"}
        """

    /// The garden with the rules above.
    private func garden() throws -> GardenCopy {
        let copy = try GardenCopy()
        try Data(Self.rules.utf8).write(
            to: URL(fileURLWithPath: copy.root + "/config/alerts/garden.yaml"))
        try FileManager.default.removeItem(atPath: copy.root + "/config/alerts/garden.test.yaml")
        return copy
    }

    /// Takes the hours from `from` to `to` in, in one commit a run.
    private func store(_ from: Int, _ to: Int, _ folder: TemporaryDirectory, _ copy: GardenCopy) throws {
        let file = folder.path + "/hours-\(from).ndjson"
        try record(from, to, to: file)
        let child = try ChildProcess(
            GardenService.program, ["replay", file, "--data-dir", folder.path + "/data"] + copy.catalog,
            log: folder.path + "/log")
        let status = child.waitForExit(milliseconds: 120_000)
        let log = try String(contentsOfFile: folder.path + "/log", encoding: .utf8)
        try #require(status == 0, "\(log)")
    }

    @Test("a rule that needs a whole hour or day does not keep the others from what is stored")
    func shortHistory() throws {
        let copy = try garden()
        let folder = try TemporaryDirectory()
        for hour in 8...10 { try store(hour, hour + 1, folder, copy) }
        let reader = try StoreReader(directory: folder.path + "/data")
        let (from, to) = (Self.start + 8 * Span.hour, Self.start + 11 * Span.hour)
        let rendering = Rendering(
            language: .en, width: nil, paint: Paint(isOn: false), clock: LocalTime(zone: reader.zone), now: to
        )
        let text = try RulesReplayCommand.parse(["--from", "\(from)", "--to", "\(to)"] + copy.catalog)
            .text(reader, rendering)
        #expect(text.hasPrefix("0 alerts of 18 readings"), "\(text)")
        let began = text.split(separator: "\n").dropFirst(2).map {
            $0.split(separator: " ").prefix(4).joined(separator: " ")
        }
        #expect(
            began.sorted() == [
                "BedDry low 2026-01-05 08:50:00", "BedUnusual low 2026-01-05 09:00:00", "MonthDry low – 0",
            ], "\(text)")
    }

    /// Days that are all the same, but for the sixth hour of the last, which is wet: the hours from `from` to `to` of that.
    private func record(_ from: Int, _ to: Int, to path: String) throws {
        let first = Self.start - Milliseconds(Self.weeks) * 7 * Span.day
        var lines = ""
        for hour in from..<to {
            for part in 0..<6 {
                let time = Self.start + Milliseconds(hour) * Span.hour + Milliseconds(part) * 10 * Span.minute
                let number = (time - first) / (10 * Span.minute)
                let moisture =
                    (hour == 6 ? 90 : 40 + (hour + 24 * 7 * Self.weeks) % 24 / 4) * 10 + Int(number % 5)
                lines +=
                    #"{"topic":"garden/bed-1","payload":"{\"ts\":\#(time),\"seq\":\#(number),\"m\":\#(moisture)}","received_ms":\#(time + 500)}"#
                    + "\n"
            }
        }
        try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func replay(_ rule: String, _ reader: StoreReader, _ catalog: Catalog) throws -> [String] {
        let registry = try reader.registry(
            profiles: catalog.profiles, devices: catalog.devices, wards: catalog.wards)
        var stored = try StoredReplay(
            catalog.rules.filter { $0.name == rule }, on: registry, catalog, reader, knowing: Self.start)
        var said: [String] = []
        try stored.run(through: Self.start + Span.day) { events, at in
            guard at >= Self.start else { return }
            said += events.filter { $0.identity.scope == "bed-1" }.map {
                "\($0.to.rawValue) \(at - Self.start)"
            }
        }
        return said
    }

    @Test("usual levels know the weeks before the replay, and regimes are on when operators had them on")
    func storedBefore() throws {
        let copy = try garden()
        let folder = try TemporaryDirectory()
        // Four weeks, and then a day in commits of one to some hours.
        let hours = [-24 * 7 * Self.weeks] + Array(0...8) + [10, 12, 24]
        for (from, to) in zip(hours, hours.dropFirst()) {
            try store(from, to, folder, copy)
        }
        let catalog = try Catalog.load(
            configFile: copy.root + "/config/ioc.yaml", devicesDirectory: copy.root + "/devices",
            alertsDirectory: copy.root + "/config/alerts")
        do {
            // As an operator said it, between two commits.
            let writer = try BatchWriter(
                store: Store(directory: folder.path + "/data", zone: catalog.times.zone),
                acknowledgementLimit: 10,
                quarantineRows: 10, quarantineBytes: 1_000)
            var batch = Batch()
            for (hour, isOn) in [(10, true), (12, false)] {
                batch.at = Self.start + Milliseconds(hour) * Span.hour + 60_000
                batch.regimeSwitches = [
                    RegimeSwitch(regime: "drought", isOn: isOn, at: batch.at, operatorName: "Lan")
                ]
                try writer.write(batch)
            }
        }
        let reader = try StoreReader(directory: folder.path + "/data")
        let live = try reader.alerts(isOpen: false).filter {
            $0.rule == "BedUnusual" && $0.onsetMs >= Self.start
        }
        try #require(!live.isEmpty)
        var history: [String] = []
        for alert in live.sorted(by: { $0.onsetMs < $1.onsetMs }) {
            history += try reader.history(ofAlert: alert.id).map(\.toState)
        }
        let unusual = try replay("BedUnusual", reader, catalog)
        let states = unusual.map { String($0.prefix { $0 != " " }) }
        #expect(states == history, "\(unusual)")
        // 42 % is dry in a drought alone: told with the commit that came while it was on, gone with the next.
        let dry = try replay("BedDry", reader, catalog)
        let (noon, midnight) = (12 * Span.hour - 10 * Span.minute + 500, Span.day - 10 * Span.minute + 500)
        #expect(dry.first == "unacknowledged \(noon)" && dry.last == "returned \(midnight)", "\(dry)")
    }
}
