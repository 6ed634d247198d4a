import Catalog
import Console
import Foundation
import Store
import Telemetry
import TestSupport
import Testing

@testable import ioc

/// SIGHUP takes all files up anew, or leaves everything as it is. The program itself, with a real broker.
@Suite("Reload")
struct ReloadTests {
    private let now = Milliseconds(Date().timeIntervalSince1970 * 1_000)

    /// Rules of the garden: one on moisture, if there is a limit.
    private func write(dryBelow limit: Int?, _ copy: GardenCopy) throws {
        let rules = copy.root + "/config/alerts/garden"
        try? FileManager.default.removeItem(atPath: rules + ".test.yaml")
        let dry = """
            - alert: Dry
              title: {vi: Khô, en: Dry}
              when: {measurement: moisture, below: \(limit ?? 0), clear: \((limit ?? 0) + 5)}
              priority: low
              lead: gardener
              action: {vi: Tưới, en: Water it}
              summary: {vi: "{device.name}", en: "{device.name_en}"}
            """
        let silent = dry.replacing("Dry", with: "Lost")
            .replacing(/measurement.*\d/, with: "freshness: silent, cadences: 4")
        let text =
            "groups:\n  - name: beds\n    rules:\n"
            + (limit == nil ? silent : dry)
            .split(separator: "\n").map { "      \($0)\n" }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: rules + ".yaml"))
    }

    private func moist(_ percent: Int, _ sequence: Int) -> (topic: String, payload: String) {
        ("garden/bed-1", #"{"ts":\#(now + Milliseconds(sequence)),"seq":\#(sequence),"m":\#(percent * 10)}"#)
    }

    @Test("a changed limit counts from then on, and alerts of a rule that is gone end, with the reason")
    func rules() throws {
        let copy = try GardenCopy()
        try write(dryBelow: 20, copy)
        let service = try GardenService(catalog: copy.catalog)
        try service.waitUntilBegun(times: 1)
        try service.publish([moist(30, 1)])
        let reader = try service.reader()
        _ = try service.wait(for: "the reading") {
            try reader.readings("bed-1/moisture", from: 0, to: .max, limit: 9).isEmpty ? nil : true
        }
        #expect(try reader.alerts(isOpen: true).filter { $0.rule == "Dry" }.isEmpty)

        try write(dryBelow: 40, copy)
        service.hangUp()
        try service.waitUntilBegun(times: 2)
        try service.publish([moist(30, 2)])
        let alert = try service.wait(for: "the alert") {
            try reader.alerts(isOpen: true).first { $0.rule == "Dry" }
        }
        #expect(alert.onsetMs == now + 2)
        #expect(alert.limitValue == 40)

        try write(dryBelow: nil, copy)
        service.hangUp()
        try service.waitUntilBegun(times: 3)
        let events = try reader.alertEvents(after: 0, limit: 99).filter { $0.rule == "Dry" }
        #expect(events.map(\.cause) == ["condition", "rule-removed"])
        #expect(events.last?.fromState == "unacknowledged")
        #expect(events.last?.toState == "normal")
        #expect(try reader.alerts(isOpen: true).filter { $0.rule == "Dry" }.isEmpty)
        let reload = try #require(try service.status().reload)
        #expect(reload.result == "done")
        #expect(reload.done == 2 && reload.refused == 0)
        #expect(service.stop())
    }

    @Test("a mistake leaves all as it is, and is shown with its place until the next reload")
    func mistake() throws {
        let copy = try GardenCopy()
        try write(dryBelow: 20, copy)
        let service = try GardenService(catalog: copy.catalog)
        try service.waitUntilBegun(times: 1)
        #expect(try service.status().reload == nil)
        let before = try service.status().startedMs
        let profile = copy.root + "/devices/garden/bed.yaml"
        let sound = try String(contentsOfFile: profile, encoding: .utf8)
        try Data(sound.replacing("kind: gauge", with: "kind: gage").utf8).write(
            to: URL(fileURLWithPath: profile))
        service.hangUp()
        let refused = try service.wait(for: "the refusal") { try service.status().reload }
        #expect(refused.result == "refused")
        #expect(refused.faults.count == 1)
        #expect(refused.faults.first?.hasPrefix(profile + ":12:11: kind: unknown word") == true)
        #expect(service.log.contains(refused.faults[0]))
        #expect(try service.status().startedMs == before)

        try Data(sound.utf8).write(to: URL(fileURLWithPath: profile))
        service.hangUp()
        try service.waitUntilBegun(times: 2)
        let reload = try #require(try service.status().reload)
        #expect(reload.result == "done")
        #expect(reload.done == 1 && reload.refused == 1)
        #expect(try service.status().startedMs > before)
        #expect(service.stop())
    }

    @Test("what only a start can find out is refused, and so is a secret or certificate that cannot be read")
    func check() throws {
        var running = try GardenService.loadCatalog()
        let directory = try TemporaryDirectory()
        running.settings.data.directory = directory.path
        let (settings, open) = (running.settings, directory.path + "/open")
        #expect(FileManager.default.createFile(atPath: open, contents: Data("secret".utf8)))
        try ReloadCheck.check(running, runningWith: settings)
        let mail = MailRoute(server: "smtps://mail.example", from: "a@b.example", to: ["c@d.example"])
        var (hidden, unsigned) = (mail, mail)
        hidden.passwordFile = "/nowhere"
        unsigned.authorityFile = "/nowhere"
        for change: (inout Catalog) -> Void in [
            { $0.settings.data.directory += "2" }, { $0.settings.http.host = "::1" },
            { $0.settings.http.port += 1 }, { $0.settings.http.tokenFile = open },
            { $0.settings.broker.passwordFile = "/nowhere" },
            { $0.settings.broker.tls = Settings.TLS(authority: "/nowhere", certificate: nil, key: nil) },
            { $0.receivers = [Receiver(name: "a", way: .mail(hidden))] },
            { $0.receivers = [Receiver(name: "a", way: .mail(unsigned))] },
            {
                $0.receivers = [Receiver(name: "a", way: .webhook(url: "http://b.example", secretFile: open))]
            },
        ] {
            var wanted = running
            change(&wanted)
            #expect(throws: (any Error).self) { try ReloadCheck.check(wanted, runningWith: settings) }
        }
        var elsewhere = running
        elsewhere.settings.broker.host = "broker.example"
        elsewhere.settings.data.rawRetention += Span.day
        try ReloadCheck.check(elsewhere, runningWith: settings)
    }

    @Test("messages published while it reloads, again and again, are each counted once")
    func messages() throws {
        let copy = try GardenCopy()
        let service = try GardenService(catalog: copy.catalog)
        try service.waitUntilBegun(times: 1)
        var begun = 1
        for round in 0..<12 {
            if round % 4 == 1 {
                try service.waitUntilBegun(times: begun)
                service.hangUp()
                begun += 1
            }
            try service.publish((0..<100).map { moist(50, round * 100 + $0) })
        }
        let reader = try service.reader()
        _ = try service.wait(for: "all readings") {
            try reader.readings("bed-1/moisture", from: 0, to: .max, limit: 9_999).count >= 1_200 ? true : nil
        }
        try service.waitUntilBegun(times: begun)
        #expect(service.stop())
        let times = try reader.readings("bed-1/moisture", from: 0, to: .max, limit: 9_999).map(\.timeMs)
        #expect(times.count == 1_200)
        #expect(Set(times) == Set((0..<1_200).map { now + $0 }))
        let losses = try reader.losses().filter { $0.source == "mqtt-qos1" }
        #expect(losses.reduce(0) { $0 + $1.stored } == 1_200)
        #expect(losses.allSatisfy { $0.received == $0.stored + $0.duplicate })
        #expect(try reader.gaps().isEmpty)
    }
}
