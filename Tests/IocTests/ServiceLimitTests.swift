import Catalog
import Console
import Foundation
import Store
import Telemetry
import TestSupport
import Testing

@testable import ioc

/// The city's own files with other limits, and a data directory of their own.
private struct SmallWorld {
    let directory: TemporaryDirectory
    var data: String { directory.path + "/data" }

    init() throws { directory = try TemporaryDirectory() }

    func catalog(_ changes: [(String, String)] = []) throws -> Catalog {
        let config = directory.path + "/config"
        try FileManager.default.copyItem(atPath: Repository.root + "/config", toPath: config)
        var text = try String(contentsOfFile: config + "/ioc.yaml", encoding: .utf8)
        for (old, new) in changes {
            let range = try #require(text.range(of: old))
            text.replaceSubrange(range, with: new)
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: config + "/ioc.yaml"))
        var catalog = try Catalog.load(
            configFile: config + "/ioc.yaml", devicesDirectory: Repository.root + "/devices",
            alertsDirectory: config + "/alerts")
        catalog.settings.data.directory = data
        return catalog
    }
}

@Suite("Limits of the service")
struct ServiceLimitTests {
    private func page(_ name: String) throws -> String {
        try String(contentsOfFile: Repository.root + "/docs/" + name, encoding: .utf8)
    }

    @Test("every bound and every reason has its counter in /metrics, and its line in the docs")
    func counters() throws {
        let world = try SmallWorld()
        let system = try IntakeSystem(
            catalog: try world.catalog(), logger: ServiceLog.make(label: "test"), consoleStarted: { _ in })
        defer { try? system.store.close() }
        let metrics = try system.status.metrics()
        func labels(_ name: String) -> [String] {
            metrics.filter { $0.name == name }.flatMap { $0.labels.map(\.value) }
        }
        let limits = system.status.limits()
        #expect(limits.count >= 15)
        #expect(labels("ioc_limit") == limits.map(\.limit))
        #expect(labels("ioc_over_limit_total") == limits.map(\.limit))
        #expect(labels("ioc_limit_used") == limits.filter { $0.used != nil }.map(\.limit))
        #expect(limits.allSatisfy { $0.bound > 0 && $0.beyond == 0 && !$0.isOver })
        let table = try #require(try page("configuration.md").components(separatedBy: "\n## Limits\n").last)
        for limit in limits { #expect(table.contains("| `\(limit.limit)` |"), "\(limit.limit)") }
        #expect(labels("ioc_rejected_total") == RejectionReason.allCases.map(\.rawValue))
        let words = try page("device-profiles.md")
        for reason in RejectionReason.allCases {
            #expect(words.contains("`\(reason.rawValue)`"), "\(reason.rawValue)")
        }
    }

    @Test("with too large a fleet the service starts with the first so many, says so, and refuses the others")
    func fleet() throws {
        let world = try SmallWorld()
        let catalog = try world.catalog([("devices_per_profile: 100000", "devices_per_profile: 2")])
        let beyond = catalog.excess.reduce(0) { $0 + $1.count }
        #expect(beyond > 0)
        try replay(catalog)
        let reader = try StoreReader(directory: world.data)
        #expect(try reader.losses().map(\.stored).reduce(0, +) == 1)
        #expect(try reader.rejects().map(\.topic) == ["ioc/v1/traffic/phu-hoi/jr-003/tele"])
        #expect(try reader.rejects().map(\.reason) == ["unknown-device"])
        // The service itself is one more.
        #expect(try reader.devices().count == catalog.devices.count - beyond + 1)
        let system = try IntakeSystem(
            catalog: catalog, logger: ServiceLog.make(label: "test"), consoleStarted: { _ in })
        defer { try? system.store.close() }
        let limit = system.status.limits().first { $0.limit == "devices_per_profile" }
        #expect(limit == LimitAnswer("devices_per_profile", bound: 2, beyond: Int64(beyond)))
    }

    @Test("a larger city has no more figures in /metrics, and those of none are there, too")
    func cardinality() throws {
        func figures(_ changes: [(String, String)]) throws -> [String] {
            let world = try SmallWorld()
            let system = try IntakeSystem(
                catalog: try world.catalog(changes), logger: ServiceLog.make(label: "test"),
                consoleStarted: { _ in })
            defer { try? system.store.close() }
            return try system.status.metrics().map { "\($0.name)\($0.suffix)\($0.labels)" }
        }
        let large = try figures([])
        #expect(large == (try figures([("devices_per_profile: 100000", "devices_per_profile: 2")])))
        #expect(Set(large).count == large.count)
        #expect(large.contains(#"ioc_devices[(name: "freshness", value: "silent")]"#))
        #expect(large.contains(#"ioc_open_alerts[(name: "priority", value: "critical")]"#))
    }

    /// One message each of the last device within and the first beyond.
    private func replay(_ catalog: Catalog) throws {
        let replay = try Replay(catalog, logger: ServiceLog.make(label: "test"))
        let payload = Array(#"{"ts":1767574923000,"seq":7,"speed":23.5,"count":41}"#.utf8)
        try replay.run { intake in
            for device in ["jr-002", "jr-003"] {
                try intake.add(
                    topic: Array("ioc/v1/traffic/phu-hoi/\(device)/tele".utf8), payload: payload,
                    received: 1_767_574_923_000)
            }
        }
        try replay.finish()
    }

    // MARK: What is said

    private func wal(_ used: Int64, _ beyond: Int64) -> [LimitAnswer] {
        [LimitAnswer("wal_bytes", bound: 100, used: used, beyond: beyond)]
    }

    @Test("what is new beyond a bound is said once in a while, and when it is over")
    func news() {
        var news = LimitNews(wal(1, 3))
        let start = news.take(wal(1, 3), at: 0)
        #expect(start.isEmpty)
        let over = news.take(wal(101, 4), at: 10_000)
        #expect(
            over == [
                "limit wal_bytes: 100, now 101; beyond it since the start: 4; "
                    + "what that means is in docs/configuration.md, Limits"
            ])
        let still = news.take(wal(150, 4), at: 20_000)
        #expect(still.isEmpty)
        let again = news.take(wal(20, 4), at: 30_000)
        #expect(again == ["limit wal_bytes: within 100 again"])
        let soon = news.take(wal(20, 9), at: 40_000)
        #expect(soon.isEmpty)
        let later = news.take(wal(20, 9), at: 10_000 + LimitNews.pause)
        #expect(later.count == 1)
        let silent = news.take(wal(20, 9), at: 10_000 + 9 * LimitNews.pause)
        #expect(silent.isEmpty)
    }

    @Test("that the ring of acknowledgements forgets is no news")
    func routine() {
        var news = LimitNews([])
        let said = news.take([LimitAnswer("acknowledgements", bound: 10, used: 12, beyond: 99)], at: 0)
        #expect(said.isEmpty)
    }

    @Test("`ioc status` shows the bounds that something was beyond, and no others")
    func screen() throws {
        let world = try SmallWorld()
        let system = try IntakeSystem(
            catalog: try world.catalog(), logger: ServiceLog.make(label: "test"), consoleStarted: { _ in })
        defer { try? system.store.close() }
        var status = try system.status.answer()
        let rendering = Rendering(
            language: .en, width: 120, paint: Paint(isOn: false), clock: LocalTime(zone: .utc), now: 0)
        let before = StatusReport(rendering).text(status, service: "x")
        #expect(!before.contains("beyond it"))
        status.limits = [
            LimitAnswer("wal_bytes", bound: 100, used: 101, beyond: 4),
            LimitAnswer("depth", bound: 16, beyond: 7), LimitAnswer("acknowledgements", bound: 1, beyond: 5),
        ]
        let after = StatusReport(rendering).text(status, service: "x")
        #expect(after.contains("limit          wal_bytes 100 · now 101 · 4 beyond it"))
        #expect(after.contains("limit          depth 16 · 7 beyond it"))
        #expect(!after.contains("acknowledgements"))
    }
}
