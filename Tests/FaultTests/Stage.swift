import Foundation
import Store
import Telemetry
import TestSupport

/// The built service between a real broker and a real disk, both behind things that can fail, and gateways that keep a
/// ledger of what the broker has acknowledged.
final class Stage {
    let broker: MosquittoServer
    let proxy: FaultProxy
    let control: FaultControl
    let disk: SmallDisk?
    private let directory: TemporaryDirectory
    private(set) var service: ChildProcess
    private var reader: StoreReader?
    /// Bursts of malformed messages so far; each has a ledger of its own.
    var bursts = 0
    var probes = 0

    /// - Parameter usesSmallDisk: whether the data lies on a disk that can be filled, where this user may mount one.
    init(usesSmallDisk: Bool) throws {
        var options = MosquittoServer.Options()
        options.acl = [
            "user ioc", "topic readwrite #", "topic read $SYS/#", "user gateway", "topic readwrite #",
        ]
        broker = try MosquittoServer(options)
        proxy = try FaultProxy(upstream: broker.port)
        directory = try TemporaryDirectory()
        for name in ["ioc", "gateway"] {
            try Data("\(name)-secret\n".utf8).write(
                to: URL(fileURLWithPath: directory.path + "/\(name).password"))
        }
        control = try FaultControl(directory: directory.path)
        disk = usesSmallDisk ? try SmallDisk(path: directory.path + "/disk", megabytes: 192) : nil
        try Self.writeConfiguration(directory.path)
        service = try Self.start(Self.data(directory.path, disk), directory.path, proxy.port, control)
    }

    deinit { service.signal(SIGKILL) }

    var data: String { Self.data(directory.path, disk) }
    /// The service's own copy of the rules.
    var alerts: String { directory.path + "/alerts" }
    var ledger: String { directory.path + "/ledger" }
    var log: String { (try? String(contentsOfFile: directory.path + "/log", encoding: .utf8)) ?? "" }

    private static func data(_ directory: String, _ disk: SmallDisk?) -> String {
        (disk?.path ?? directory) + "/data"
    }

    // MARK: Processes

    /// The program under test: beside the tests, or the one IOC names.
    private static let program =
        ProcessInfo.processInfo.environment["IOC"]
        ?? Bundle(for: Stage.self).bundleURL.appendingPathComponent("ioc").path
    private static let root = Repository.root

    /// As delivered, but that a dead link is noticed within 8 s and not within 90.
    private static func writeConfiguration(_ directory: String) throws {
        let delivered = try String(contentsOfFile: root + "/config/ioc.yaml", encoding: .utf8)
        let quick = delivered.replacing("keep_alive: 60s", with: "keep_alive: 5s")
        guard quick != delivered else { throw Failure("config/ioc.yaml says no keep_alive any more") }
        try Data(quick.utf8).write(to: URL(fileURLWithPath: directory + "/ioc.yaml"))
        for name in ["wards.csv", "calendars.yaml", "alerts"] {
            try FileManager.default.copyItem(
                atPath: "\(root)/config/\(name)", toPath: "\(directory)/\(name)")
        }
    }

    private static func catalog(_ directory: String) -> [String] {
        [
            "--config", directory + "/ioc.yaml", "--devices", root + "/devices", "--alerts",
            directory + "/alerts",
        ]
    }

    private static func start(_ data: String, _ directory: String, _ port: UInt16, _ control: FaultControl)
        throws -> ChildProcess
    {
        try ChildProcess(
            program,
            ["run"] + catalog(directory) + [
                "--broker", "127.0.0.1:\(port)", "--username", "ioc", "--password-file",
                directory + "/ioc.password", "--data-dir", data, "--http", "127.0.0.1:0",
            ], environment: control.environment, log: directory + "/log")
    }

    func startService() throws { service = try Self.start(data, directory.path, proxy.port, control) }

    /// As a power cut, as far as a process can tell.
    func killService() {
        service.signal(SIGKILL)
        _ = service.waitForExit(milliseconds: 10_000)
    }

    func stopService() throws {
        service.signal(SIGTERM)
        guard let status = service.waitForExit(milliseconds: 60_000), status == 0 else {
            throw Failure("the service did not end as it should; its log:\n\(log.suffix(2_000))")
        }
    }

    /// Gateways, directly at the broker, as a process of their own.
    func gateways(_ arguments: [String], ledger: String) throws -> ChildProcess {
        try ChildProcess(
            Self.program,
            ["simulate"] + Self.catalog(directory.path) + [
                "--broker", "127.0.0.1:\(broker.port)", "--username", "gateway", "--password-file",
                directory.path + "/gateway.password", "--ledger", ledger,
            ] + arguments, log: directory.path + "/gateways.log")
    }

    func burstLedger(_ number: Int) -> String { directory.path + "/ledger.\(number)" }

    // MARK: Progress

    /// Messages taken in so far, by the database; nil where it cannot be read at the moment.
    var received: Int64? {
        if reader == nil { reader = try? StoreReader(directory: data) }
        return try? reader?.losses().filter { $0.source != "own" }.reduce(0) { $0 + $1.received }
    }

    /// Topics of devices nobody knows, as far as the quarantine has them.
    var unknownTopics: Set<String> {
        if reader == nil { reader = try? StoreReader(directory: data) }
        let rejects = try? reader?.rejects(reason: "unknown-device", limit: 10_000)
        return Set(rejects?.map(\.topic) ?? [])
    }

    /// How often the service has begun, or begun anew.
    var starts: Int { log.components(separatedBy: "console at ").count - 1 }

    func waitUntilStarted(_ times: Int) throws {
        let limit = Date(timeIntervalSinceNow: 120)
        while starts < times {
            guard Date() < limit, service.waitForExit(milliseconds: 0) == nil else {
                throw Failure("the service did not begin anew; its log:\n\(log.suffix(2_000))")
            }
            usleep(20_000)
        }
    }

    /// Waits until messages come in again.
    func waitForProgress(after what: String) throws {
        let before = received ?? 0
        let limit = Date(timeIntervalSinceNow: 120)
        while Date() < limit {
            if let received, received > before { return }
            if service.waitForExit(milliseconds: 0) != nil {
                throw Failure("after \(what) the service ended; its log:\n\(log.suffix(2_000))")
            }
            usleep(20_000)
        }
        throw Failure(
            "nothing came in for two minutes after \(what); the service's log:\n\(log.suffix(2_000))")
    }

    /// Waits until nothing more comes in: the broker's queue is empty.
    func waitUntilQuiet() throws {
        var before: Int64 = -1
        var still = 0
        let limit = Date(timeIntervalSinceNow: 300)
        while still < 8 {
            guard Date() < limit else { throw Failure("the broker's queue does not come to an end") }
            usleep(250_000)
            let now = received ?? -1
            // Quiet with both its connections, intake and alerts; not merely waiting for the next attempt.
            still = now == before && now >= 0 && proxy.connections >= 2 ? still + 1 : 0
            before = now
        }
    }

    func closeReader() { reader = nil }
}
