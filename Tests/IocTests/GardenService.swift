import Foundation
import Store
import TestSupport

/// The service as a process, with the catalog of the garden and a broker of its own. Gone when released.
final class GardenService {
    static let fixtures = Repository.root + "/Tests/CatalogTests/Fixtures/good"
    /// The program, which is built beside the tests.
    static let program = Bundle(for: GardenService.self).bundleURL.appendingPathComponent("ioc").path
    /// Where it finds profiles, fleets and rules.
    static let catalog = [
        "--config", fixtures + "/config/ioc.yaml", "--devices", fixtures + "/devices", "--alerts",
        fixtures + "/config/alerts",
    ]

    let broker: MosquittoServer
    private let folder: TemporaryDirectory
    private let process: ChildProcess

    /// Starts both; `gateway` may publish everything.
    init() throws {
        var options = MosquittoServer.Options()
        options.acl += ["topic readwrite #"]
        options.extra = ["log_type subscribe"]
        broker = try MosquittoServer(options)
        folder = try TemporaryDirectory()
        try Data("ioc-secret\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/password"))
        process = try ChildProcess(
            Self.program,
            ["run"] + Self.catalog + [
                "--broker", "127.0.0.1:\(broker.port)", "--username", "ioc", "--password-file",
                folder.path + "/password", "--data-dir", folder.path + "/data", "--http", "127.0.0.1:0",
            ], log: folder.path + "/log")
    }

    deinit { process.signal(SIGKILL) }

    /// What it stored, once there is a database.
    func reader() throws -> StoreReader {
        try wait(for: "the database") { try? StoreReader(directory: folder.path + "/data") }
    }

    /// Waits until it subscribes to `filter`; filters are subscribed to in their order.
    func waitUntilSubscribed(to filter: String) throws {
        _ = try wait(for: "the subscription") { broker.log.contains("ioc 1 \(filter)") ? true : nil }
    }

    /// - Returns: whether it ended as it should.
    func stop() -> Bool {
        process.signal(SIGTERM)
        return process.waitForExit(milliseconds: 60_000) == 0
    }

    /// Gives up, with the service's log, after a time that no sound machine needs.
    func wait<Value>(for what: String, _ find: () throws -> Value?) throws -> Value {
        for _ in 0..<6_000 {
            if let found = try find() { return found }
            usleep(10_000)
        }
        let log = (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? ""
        throw MosquittoServer.Failure(
            description: "no \(what) within a minute; the service's log:\n\(log.suffix(2_000))")
    }
}
