import Broker
import Catalog
import Console
import Foundation
import Store
import TestSupport

/// The service as a process, with the catalog of the garden and a broker of its own. Gone when released.
final class GardenService {
    static let fixtures = Repository.root + "/Tests/CatalogTests/Fixtures/good"
    /// Its catalog.
    static func loadCatalog() throws -> Catalog {
        try Catalog.load(
            configFile: fixtures + "/config/ioc.yaml", devicesDirectory: fixtures + "/devices",
            alertsDirectory: fixtures + "/config/alerts")
    }

    /// The program, which is built beside the tests.
    static let program = Bundle(for: GardenService.self).bundleURL.appendingPathComponent("ioc").path
    /// Where it finds profiles, fleets and rules.
    static let catalog = [
        "--config", fixtures + "/config/ioc.yaml", "--devices", fixtures + "/devices", "--alerts",
        fixtures + "/config/alerts",
    ]

    let broker: MosquittoServer
    private let folder: TemporaryDirectory
    private let files: [String]
    private var process: ChildProcess

    /// Starts both; `gateway` may publish everything.
    /// - Parameter catalog: flags that say where its files are.
    init(catalog: [String] = GardenService.catalog) throws {
        var options = MosquittoServer.Options()
        options.acl += ["topic readwrite #"]
        options.extra = ["log_type subscribe"]
        broker = try MosquittoServer(options)
        folder = try TemporaryDirectory()
        try Data("ioc-secret\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/password"))
        files = catalog
        process = try Self.start(broker, folder, catalog)
    }

    private static func start(_ broker: MosquittoServer, _ folder: TemporaryDirectory, _ catalog: [String])
        throws
        -> ChildProcess
    {
        try ChildProcess(
            program,
            ["run"] + catalog + [
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

    /// What it said on its log so far.
    var log: String { (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? "" }

    /// Asks it to take its files up anew.
    func hangUp() { process.signal(SIGHUP) }

    /// Waits until it has begun, or begun anew, so many times.
    func waitUntilBegun(times: Int) throws {
        _ = try wait(for: "start number \(times)") {
            log.components(separatedBy: "connected to the broker").count > times ? true : nil
        }
    }

    /// What its status says, as `/api/v1/status` gives it, once its console answers.
    func status() throws -> StatusAnswer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try wait(for: "the status") {
            let address = log.components(separatedBy: "console at ").dropFirst().last
            guard let address = address?.split(whereSeparator: \.isNewline).first else { return nil }
            let (_, output) = try ioc(["status", "--json", "--url", String(address)])
            return try? decoder.decode(StatusAnswer.self, from: Data(output.utf8))
        }
    }

    /// Another start with the same data, once the first has ended as it should.
    func restart() throws {
        guard stop() else {
            throw MosquittoServer.Failure(description: "the service did not end as it should")
        }
        process = try Self.start(broker, folder, files)
    }

    /// Publishes as a gateway, and waits until the broker has it all.
    func publish(_ messages: [(topic: String, payload: String)]) throws {
        try publish(messages.map { ($0.topic, Array($0.payload.utf8)) })
    }

    func publish(_ messages: [(topic: String, payload: [UInt8])]) throws {
        let client = try PublishClient(
            settings: BrokerSettings(
                port: broker.port, clientID: "gateway", username: "gateway", password: "gateway-secret"),
            onAcknowledged: nil)
        defer { client.close() }
        try client.connect(timeoutSeconds: 30)
        for (topic, payload) in messages {
            _ = client.publish(topic: topic, payload: payload, qos: 1, retain: false)
        }
        guard client.waitUntilDone(milliseconds: 30_000) else {
            throw MosquittoServer.Failure(description: "the broker did not take what was published")
        }
    }

    // MARK: Commands

    /// A command that runs.
    struct Command {
        let process: ChildProcess
        let log: String

        /// Waits for its end.
        /// - Returns: its exit code, and what it said on both outputs.
        func end() throws -> (status: Int32, output: String) {
            let status = process.waitForExit(milliseconds: 60_000)
            if status == nil { process.signal(SIGKILL) }
            let output = try String(contentsOfFile: log, encoding: .utf8)
            return (status.map { $0 >> 8 & 0xFF } ?? -1, output)
        }
    }

    /// Starts a command of the program; those that listen get the broker, those that read the database its place.
    func start(_ arguments: [String]) throws -> Command {
        let log = folder.path + "/command-\(UUID().uuidString)"
        let place =
            arguments.contains("try")
            ? ["--broker", "127.0.0.1:\(broker.port)", "--password-file", folder.path + "/password"]
            : ["import", "export"].contains { arguments.contains($0) }
                ? [] : ["--data-dir", folder.path + "/data"]
        return Command(process: try ChildProcess(Self.program, arguments + place, log: log), log: log)
    }

    func ioc(_ arguments: [String]) throws -> (status: Int32, output: String) { try start(arguments).end() }

    /// Gives up, with the service's log, after a time that no sound machine needs.
    func wait<Value>(for what: String, _ find: () throws -> Value?) throws -> Value {
        for _ in 0..<6_000 {
            if let found = try find() { return found }
            usleep(10_000)
        }
        throw MosquittoServer.Failure(
            description: "no \(what) within a minute; the service's log:\n\(log.suffix(2_000))")
    }
}
