import ArgumentParser
import Catalog
import Glibc
import Logging
import Telemetry

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "The service: takes messages in, stores rollups, raises alerts.",
        discussion: """
            A flag overrides its key in the configuration. Ends with exit code 0 on SIGTERM or Ctrl-C, after a last commit.

              ioc run --broker mqtt://127.0.0.1:1883 --data-dir /var/lib/ioc
            """)

    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var overrides: RunOverrides

    func run() async throws {
        do {
            let logger = ServiceLog.make(label: "ioc")
            let desk = await SignalDesk()
            let reloads = Reloads.ofThisProcess()
            guard let catalog = try await load(reloads, desk, logger) else { return }
            // A file that may not grow (ulimit -f) is a full disk, which is waited out; the signal would end the service.
            signal(SIGXFSZ, SIG_IGN)
            // A program that does not read what it is told, or a server that hangs up, is no end of the service.
            signal(SIGPIPE, SIG_IGN)
            let system = try IntakeSystem(catalog: catalog, reloads: reloads, logger: logger) { address in
                logger.notice("console at http://\(address)")
            }
            logger.notice(
                "\(catalog.withinLimits().devices.count) devices, \(catalog.rules.count) rules, data in \(catalog.settings.data.directory)"
            )
            let signals = SignalService(
                desk: desk, reloads: reloads,
                check: { try ReloadCheck.check(try wanted(), runningWith: catalog.settings) },
                logger: logger)
            try await system.run([signals], signals: [], logger: logger)
            if reloads.isDue, let fault = OwnImage.replace(unless: { desk.isEnding }) { throw fault }
        } catch {
            throw Failure.exit(error)
        }
    }

    /// The files with the flags over them.
    private func wanted() throws -> Catalog {
        var catalog = try catalogOptions.load()
        try overrides.apply(to: &catalog.settings)
        return catalog
    }

    /// - Returns: nil if the service is to end before it began.
    private func load(_ reloads: Reloads, _ desk: SignalDesk, _ logger: Logger) async throws -> Catalog? {
        while !desk.isEnding {
            do {
                return try wanted()
            } catch let faults as CatalogFaults where reloads.isReloaded {
                // They were sound a moment ago: somebody is writing them.
                for fault in faults.faults { logger.error("\(fault)") }
                logger.error("the files changed while they were taken up; trying again")
                try await Task.sleep(for: .seconds(1))
            }
        }
        return nil
    }
}

/// Flags that override keys of the configuration.
struct RunOverrides: ParsableArguments {
    @Option(help: "Where the database is kept (data.directory).")
    var dataDir: String?

    @OptionGroup var connection: BrokerOverrides

    @Option(help: "HOST:PORT of the console (http.host, http.port).")
    var http: String?

    func apply(to settings: inout Settings) throws {
        if let dataDir { settings.data.directory = dataDir }
        try connection.apply(to: &settings)
        if let http {
            let (host, port) = try HostAndPort.parse(http, flag: "--http")
            settings.http.host = host
            settings.http.port = port
        }
    }
}

/// Flags that override which broker, and who we are there.
struct BrokerOverrides: ParsableArguments {
    @Option(help: "mqtt://HOST:PORT or mqtts://HOST:PORT (broker.host, broker.port).")
    var broker: String?

    @Option(help: "Broker user (broker.username).")
    var username: String?

    @Option(help: "File with the broker's password (broker.password_file).")
    var passwordFile: String?

    func apply(to settings: inout Settings) throws {
        if let username { settings.broker.username = username }
        if let passwordFile { settings.broker.passwordFile = passwordFile }
        if let broker {
            let address = try BrokerAddress(broker)
            settings.broker.host = address.host
            settings.broker.port = address.port
            if address.isSecure, settings.broker.tls == nil {
                throw ValidationError("\(broker) wants TLS: set broker.tls.authority in the configuration")
            }
        }
    }
}
