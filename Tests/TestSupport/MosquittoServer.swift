package import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A real mosquitto on a free loopback port, with users, rights and a directory of its own. Gone when released.
///
/// `@unchecked Sendable`: one test owns it; `process` changes only in `start`, `stop` and `kill9`.
package final class MosquittoServer: @unchecked Sendable {
    package struct Options: Sendable {
        /// Keeps sessions and queues over a restart.
        package var persistence = true
        /// Seconds between snapshots; a `kill9` loses what is newer.
        package var autosaveInterval = 1800
        package var maxQueuedMessages = 60_000
        package var maxInflightMessages = 2000
        /// Seconds between the values under `$SYS`.
        package var sysInterval = 1
        /// Name → password.
        package var users = ["ioc": "ioc-secret", "gateway": "gateway-secret"]
        /// Lines of the ACL file. By default `ioc` may do all and `gateway` may use everything but the state topics.
        package var acl = [
            "user ioc", "topic readwrite #", "topic read $SYS/#",
            "user gateway", "topic readwrite ioc/#", "topic deny ioc/v1/state/#",
        ]
        /// More lines of mosquitto.conf, such as a TLS listener.
        package var extra: [String] = []

        package init() {}
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    package let port: UInt16
    package let directory: URL
    private let options: Options
    private var process: ChildProcess?

    /// Starts the broker and waits until it answers.
    package init(_ options: Options = Options()) throws {
        self.options = options
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "mosquitto-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        port = try Self.freePort()
        try writeFiles()
        try start()
    }

    deinit {
        kill9()
        try? FileManager.default.removeItem(at: directory)
    }

    /// The process id, for signals; nil when stopped.
    package var pid: Int32? { process?.pid }

    /// What the broker wrote to its log so far.
    package var log: String { (try? String(contentsOf: file("log"), encoding: .utf8)) ?? "" }

    package func start() throws {
        let process = try ChildProcess(Self.executable("mosquitto"), ["-c", file("mosquitto.conf").path])
        self.process = process
        let end = DispatchTime.now() + 5
        while DispatchTime.now() < end {
            if Self.answers(port) { return }
            if process.waitForExit(milliseconds: 5) != nil {
                self.process = nil
                break
            }
        }
        throw Failure(description: "mosquitto did not start on port \(port): \(log)")
    }

    /// Asks it to end, as `systemctl stop` does, and waits: sessions are saved.
    package func stop() { end(SIGTERM) }

    /// As a power cut: everything newer than the last snapshot is lost.
    package func kill9() { end(SIGKILL) }

    /// A clean restart on the same port with the same files.
    package func restart() throws {
        stop()
        try start()
    }

    /// Makes it write its snapshot now, and waits until it is there.
    package func save() throws {
        func snapshot() -> Int? {
            let attributes = try? FileManager.default.attributesOfItem(atPath: file("mosquitto.db").path)
            return (attributes?[.systemFileNumber] as? NSNumber)?.intValue
        }
        let before = snapshot()
        process?.signal(SIGUSR1)
        let end = DispatchTime.now() + 30
        // It is written under another name and renamed (src/persist_write.c), so it is another file.
        while snapshot() == before || snapshot() == nil {
            guard DispatchTime.now() < end else { throw Failure(description: "mosquitto wrote no snapshot") }
            usleep(1_000)
        }
    }

    private func end(_ signal: Int32) {
        guard let process else { return }
        process.signal(signal)
        if process.waitForExit(milliseconds: 5000) == nil {
            process.signal(SIGKILL)
            _ = process.waitForExit(milliseconds: 5000)
        }
        self.process = nil
    }

    private func file(_ name: String) -> URL { directory.appendingPathComponent(name) }
}

// MARK: Files

extension MosquittoServer {
    private func writeFiles() throws {
        try write("acl", options.acl)
        try write("password", options.users.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" })
        // -U turns the plain passwords of the file into hashes.
        let hashing = try ChildProcess(Self.executable("mosquitto_passwd"), ["-U", file("password").path])
        guard hashing.waitForExit(milliseconds: 5000) == 0 else {
            throw Failure(description: "mosquitto_passwd failed")
        }
        try write(
            "mosquitto.conf",
            [
                "listener \(port) 127.0.0.1", "allow_anonymous false",
                "password_file \(file("password").path)", "acl_file \(file("acl").path)",
                "persistence \(options.persistence)", "persistence_location \(directory.path)/",
                "autosave_interval \(options.autosaveInterval)",
                "max_queued_messages \(options.maxQueuedMessages)",
                "max_inflight_messages \(options.maxInflightMessages)", "sys_interval \(options.sysInterval)",
                "log_dest file \(file("log").path)", "log_type error", "log_type warning", "log_type notice",
            ] + (geteuid() == 0 ? ["user root"] : []) + options.extra)
    }

    private func write(_ name: String, _ lines: [String]) throws {
        let text = lines.joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: file(name))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(name).path)
    }

    /// Looks where Debian puts daemons, then in PATH.
    private static func executable(_ name: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for directory in ["/usr/sbin", "/usr/bin"] + path.split(separator: ":").map(String.init) {
            let candidate = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw Failure(description: "no \(name) here: apt install mosquitto")
    }
}

// MARK: Ports

extension MosquittoServer {
    /// A port that nobody used a moment ago.
    package static func freePort() throws -> UInt16 {
        let socket = loopbackSocket()
        defer { close(socket) }
        guard withAddress(0, { bind(socket, $0, $1) }) == 0 else {
            throw Failure(description: "no free port")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(_ port: UInt16) -> Bool {
        let socket = loopbackSocket()
        defer { close(socket) }
        return withAddress(port) { connect(socket, $0, $1) } == 0
    }

    private static func loopbackSocket() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

    private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
        -> Int32
    {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = port.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
