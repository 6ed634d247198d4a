import Foundation

/// A real mosquitto of the demo's own: on loopback, with generated passwords and an access list, ended with the demo.
final class DemoBroker {
    struct Account {
        let user: String
        let passwordFile: String
    }

    let port: Int
    let service: Account
    let gateways: Account
    private let process = Process()

    /// Brokers come up in milliseconds; on a loaded machine in a few seconds.
    private static let startLimit = 10.0

    /// - Parameter filters: topics gateways may publish on and the service may read.
    /// - Throws: `ServiceFault`.
    init(directory: String, filters: [String]) throws {
        let directory = URL(fileURLWithPath: directory).path
        guard let executable = Self.find("mosquitto"), let passwordTool = Self.find("mosquitto_passwd") else {
            throw ServiceFault("mosquitto is not installed; install it with: apt-get install mosquitto")
        }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        port = LoopbackPort.free()
        service = Account(user: "ioc", passwordFile: directory + "/ioc.password")
        gateways = Account(user: "gateway", passwordFile: directory + "/gateway.password")
        let passwords = directory + "/passwords"
        try Self.write("", to: passwords)
        for account in [service, gateways] {
            try Self.makePassword(for: account, in: passwords, with: passwordTool)
        }
        try Self.write(Self.accessList(filters), to: directory + "/access")
        try Self.write(Self.configuration(directory, port), to: directory + "/mosquitto.conf")
        try start(executable, directory)
    }

    /// Ends it and waits until it is gone.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    deinit { stop() }

    /// A child inherits the signals its parent's thread blocks, and Swift's pool threads block SIGTERM.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private static func find(_ name: String) -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/usr/local/sbin:/usr/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first(
            where: FileManager.default.isExecutableFile)
    }

    private static func makePassword(for account: Account, in file: String, with tool: String) throws {
        let password = (0..<24).map { _ in String(UInt8.random(in: 0...255), radix: 16) }.joined()
        try write(password + "\n", to: account.passwordFile)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = ["-b", file, account.user, password]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ServiceFault("\(tool): cannot write \(file)") }
    }

    private static func write(_ text: String, to path: String) throws {
        let isWritten = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isWritten else {
            throw ServiceFault("\(path): cannot write; give this user the right, or name another --data-dir")
        }
    }

    private static func accessList(_ filters: [String]) -> String {
        """
        user ioc
        topic readwrite ioc/v1/state/#
        topic readwrite ioc/v1/alerts/#
        topic read $SYS/broker/publish/messages/dropped
        \(filters.map { "topic read \($0)" }.joined(separator: "\n"))

        user gateway
        \(filters.map { "topic write \($0)" }.joined(separator: "\n"))

        """
    }

    /// The settings docs/reliability.md asks of every broker, at the size of a demo.
    private static func configuration(_ directory: String, _ port: Int) -> String {
        """
        listener \(port) 127.0.0.1
        user \(NSUserName())
        allow_anonymous false
        password_file \(directory)/passwords
        acl_file \(directory)/access
        allow_zero_length_clientid false
        max_packet_size 131072
        max_queued_messages 50000
        max_connections 200
        persistence true
        persistence_location \(directory)/
        autosave_interval 15
        sys_interval 2
        log_dest file \(directory)/mosquitto.log
        log_type error
        log_type warning
        log_type notice

        """
    }

    private func start(_ executable: String, _ directory: String) throws {
        let arguments = ["-c", directory + "/mosquitto.conf"]
        if let keeper = Self.find("setpriv") {
            // If the demo is killed, the kernel ends its broker.
            process.executableURL = URL(fileURLWithPath: keeper)
            process.arguments = ["--pdeathsig", "TERM", executable] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: executable)
            process.arguments = arguments
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try Self.withoutBlockedSignals { try process.run() }
        let limit = Date(timeIntervalSinceNow: Self.startLimit)
        while !LoopbackPort.answers(port) {
            guard process.isRunning, Date() < limit else {
                throw ServiceFault("mosquitto did not start; see \(directory)/mosquitto.log")
            }
            usleep(20_000)
        }
    }
}
