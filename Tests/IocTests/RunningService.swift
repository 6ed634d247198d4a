import Foundation
import Glibc
import Store
import TestSupport
import Testing

/// The built program as a process of its own, with a real broker and a directory for its data.
final class RunningService {
    let server: MosquittoServer
    let directory: TemporaryDirectory
    private var process: ChildProcess

    /// Starts broker and service, and waits until messages can come in.
    init() throws {
        var options = MosquittoServer.Options()
        options.acl = [
            "user ioc", "topic readwrite #", "topic read $SYS/#", "user gateway", "topic readwrite #",
        ]
        server = try MosquittoServer(options)
        directory = try TemporaryDirectory()
        try Data("ioc-secret\n".utf8).write(to: URL(fileURLWithPath: directory.path + "/ioc.password"))
        try Data("gateway-secret\n".utf8).write(
            to: URL(fileURLWithPath: directory.path + "/gateway.password"))
        process = try Self.start(server, directory.path)
        try waitUntilReady()
    }

    deinit { process.signal(SIGKILL) }

    var data: String { directory.path + "/data" }

    static let program = Bundle(for: RunningService.self).bundleURL.appendingPathComponent("ioc").path
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static var catalog: [String] {
        ["--config", root + "/config/ioc.yaml", "--devices", root + "/devices"]
    }

    private static func start(_ server: MosquittoServer, _ directory: String) throws -> ChildProcess {
        try ChildProcess(
            program,
            ["run"] + catalog + [
                "--broker", "127.0.0.1:\(server.port)", "--username", "ioc", "--password-file",
                directory + "/ioc.password", "--data-dir", directory + "/data", "--http", "127.0.0.1:0",
            ])
    }

    private func waitUntilReady() throws {
        let limit = Date(timeIntervalSinceNow: 60)
        while Date() < limit {
            // The first commit after the start is the checkpoint of a session, or a gap: either way it can store.
            if let reader = try? StoreReader(directory: data), (try? reader.devices().isEmpty) == false {
                break
            }
            usleep(20_000)
        }
        usleep(500_000)
    }

    /// Like a power cut, as far as a process can tell.
    func killAndRestart() throws {
        process.signal(SIGKILL)
        _ = process.waitForExit(milliseconds: 5_000)
        process = try Self.start(server, directory.path)
    }

    /// - Returns: the exit status.
    func stop() -> Int32? {
        process.signal(SIGTERM)
        return process.waitForExit(milliseconds: 30_000).map { ($0 >> 8) & 0xFF }
    }

    /// Gateways that publish for a while, as a process beside the service.
    func simulate(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            Self.program,
            ["simulate"] + Self.catalog + [
                "--broker", "127.0.0.1:\(server.port)", "--username", "gateway", "--password-file",
                directory.path + "/gateway.password",
            ] + arguments)
    }
}
