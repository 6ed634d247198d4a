import Catalog
import Console
import Pipeline
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import ioc

@Suite("What status and metrics say of notifications")
struct NotificationFigureTests {
    private func line(_ counts: NotificationCounts, _ language: Language) throws -> String? {
        let store = try CommandsFilledStore()
        var stored = try StoredStatus(store.reader, directory: store.directory.path)
        stored.notifications = counts
        let rendering = store.rendering(language, width: 200)
        return StatusReport(rendering).text(stored).split(separator: "\n").map(String.init)
            .first { $0.hasPrefix(language(vi: "thông báo", en: "notifications")) }
    }

    @Test("nothing while nothing waits and nothing failed")
    func quiet() throws {
        #expect(try line(NotificationCounts(waiting: 0, troubled: 0, failed: 0), .en) == nil)
    }

    @Test("how many wait, are tried again and failed, in both languages")
    func line() throws {
        let counts = NotificationCounts(waiting: 7, troubled: 3, failed: 2)
        let english = try #require(try line(counts, .en))
        #expect(english.hasSuffix("7 wait, 3 of them again · 2 failed within a day"))
        let vietnamese = try #require(try line(counts, .vi))
        #expect(vietnamese.hasSuffix("7 chờ, trong đó 3 gửi lại · 2 hỏng trong một ngày"))
    }

    @Test("every outcome has its count, and what gave way to others is beyond a limit")
    func metrics() throws {
        let directory = try TemporaryDirectory()
        var catalog = try Catalog.load(
            configFile: Repository.root + "/config/ioc.yaml",
            devicesDirectory: Repository.root + "/devices",
            alertsDirectory: Repository.root + "/config/alerts")
        catalog.settings.data.directory = directory.path
        let system = try IntakeSystem(
            catalog: catalog, logger: ServiceLog.make(label: "test"), consoleStarted: { _ in })
        defer { try? system.store.close() }
        let counters = system.status.plane.counters
        counters.notificationsQueued.add(9, ordering: .relaxed)
        counters.notificationsDelivered.add(4, ordering: .relaxed)
        counters.notificationsFailed.add(2, ordering: .relaxed)
        counters.notificationsDigested.add(3, ordering: .relaxed)
        counters.notificationAttemptsFailed.add(8, ordering: .relaxed)
        counters.notificationsCrowded.add(1, ordering: .relaxed)
        let metrics = try system.status.metrics()
        let outcomes = metrics.filter { $0.name == "ioc_notifications_total" }
        #expect(outcomes.flatMap { $0.labels.map(\.value) } == ["queued", "delivered", "failed", "digested"])
        #expect(outcomes.map(\.value) == [9, 4, 2, 3])
        #expect(metrics.first { $0.name == "ioc_failed_deliveries_total" }?.value == 8)
        #expect(metrics.first { $0.name == "ioc_notifications_waiting" }?.value == 0)
        let beyond = metrics.first {
            $0.name == "ioc_over_limit_total" && $0.labels.map(\.value) == ["waiting_notifications"]
        }
        #expect(beyond?.value == 1)
        let status = StatusReport(try CommandsFilledStore().rendering(.en, width: 200))
            .text(try system.status.answer(), service: "x")
        #expect(status.contains("waiting_notifications 10000 · 1 beyond it"))
    }
}
