import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite("A damaged database", .serialized)
struct DamageTests {
    private func database(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The newest state of the alert that tells of it; nil if there is none.
    private func alert(_ stage: Stage) throws -> AlertAnswer? {
        try StoreReader(directory: stage.data).alerts(isOpen: false, domain: "ioc").first
    }

    private func waitForAlert(_ stage: Stage, state: String) throws {
        let limit = Date(timeIntervalSinceNow: 60)
        while try alert(stage)?.state != state {
            guard Date() < limit else { throw Failure("the alert is not \(state); the log:\n\(stage.log)") }
            usleep(50_000)
        }
    }

    /// - Returns: the database that the start set aside.
    private func restarted(_ stage: Stage) throws -> String {
        stage.closeReader()
        try stage.startService()
        let limit = Date(timeIntervalSinceNow: 60)
        while true {
            if let aside = SetAside.all(in: stage.data).first {
                try stage.waitForProgress(after: "the damage")
                return aside
            }
            guard Date() < limit else { throw Failure("nothing was set aside; the log:\n\(stage.log)") }
            usleep(20_000)
        }
    }

    /// Writes over the first page of a table.
    private func damage(_ table: String, _ stage: Stage) throws {
        let path = Store.path(in: stage.data)
        let page = try database(path).read { db in
            try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [table])
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(try #require(page) - 1) * 4_096)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 4_096))
        try file.close()
    }

    @Test(
        "is set aside at the start with a loud alert, and whatever is acknowledged after that is in the new one"
    )
    func atStart() throws {
        let stage = try Stage(usesSmallDisk: false)
        _ = try stage.waitUntilCaughtUp()
        let load = try stage.gateways(["--rate", "400", "--duration", "6"], ledger: stage.ledger)
        defer { load.signal(SIGKILL) }
        try stage.waitForProgress(after: "the start")
        try stage.stopService()
        stage.closeReader()
        try damage("gathered_1d", stage)
        let aside = try restarted(stage)
        #expect(stage.log.contains("critical"))
        #expect(stage.log.contains(aside))
        try waitForAlert(stage, state: "unacknowledged")
        #expect(try alert(stage)?.priority == "critical")
        #expect(load.waitForExit(milliseconds: 60_000) == 0)
        _ = try stage.waitUntilCaughtUp()

        // Stopped in between, not killed: no message is in both.
        let before = try stored(aside)
        let after = try stored(Store.path(in: stage.data))
        let entries = try LedgerEntry.read(stage.ledger)
        #expect(before > 0 && after > 0)
        #expect(before + after == entries.count)

        // An operator has taken care of it.
        try stage.stopService()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: aside + suffix) }
        try stage.startService()
        try waitForAlert(stage, state: "returned")
        try stage.stopService()
    }

    private func stored(_ path: String) throws -> Int {
        try database(path).read { db in
            try Int.fetchOne(db, sql: "SELECT sum(stored) FROM v_loss WHERE source <> 'own'") ?? 0
        }
    }

    /// The same topics with every seed alike.
    private static let nonsense = ["--rate", "400", "--malformed", "1", "--seed", "7"]

    @Test("that shows only in work ends the service, so that a new start sets it aside")
    func atWork() throws {
        let stage = try Stage(usesSmallDisk: false)
        let broken = try stage.gateways(Self.nonsense + ["--duration", "1"], ledger: stage.ledger)
        defer { broken.signal(SIGKILL) }
        try stage.waitForProgress(after: "the start")
        #expect(broken.waitForExit(milliseconds: 60_000) == 0)
        try stage.waitUntilQuiet()
        try stage.stopService()
        stage.closeReader()
        try Misfiling.misfile(
            Store.path(in: stage.data), behind: "reject_last", "UPDATE reject SET last_ms = last_ms + 1")
        try stage.startService()
        let more = try stage.gateways(
            Self.nonsense + ["--duration", "600"], ledger: stage.burstLedger(1))
        defer { more.signal(SIGKILL) }
        let status = try #require(stage.service.waitForExit(milliseconds: 60_000))
        #expect((status >> 8) & 0xFF == 1)
        #expect(stage.log.contains("not a sound database"))
        #expect(SetAside.all(in: stage.data).isEmpty)
        _ = try restarted(stage)
        try waitForAlert(stage, state: "unacknowledged")
        try stage.stopService()
    }
}
