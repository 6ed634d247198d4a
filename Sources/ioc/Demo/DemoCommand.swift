import ArgumentParser
import Broker
import Catalog
import Foundation
import Logging
import Store
import Synchronization
import Telemetry

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Broker, simulated gateways and service in one, with a live picture.",
        discussion: """
            Starts its own mosquitto on loopback with generated passwords, a simulated gateway for every device of the fleets,
            and the service. Ctrl-C ends everything it started.

              ioc demo --rate 500
            """)

    @Option(help: "Messages a second over all devices.") var rate = 200
    @Option(help: "Connections the devices are spread over.") var gateways = 4
    @Option(help: "Seconds; default: until Ctrl-C.") var duration: Double?
    @Option(help: "Where the demo keeps its database and its broker.") var dataDir = "demo-data"
    @Option(help: "HOST:PORT of the console; another port is taken if it is in use.") var http =
        "127.0.0.1:8180"
    @Option(help: "Seed of the simulated values.") var seed: UInt64 = 1
    @OptionGroup var options: CatalogOptions
    @OptionGroup var language: LanguageOptions

    func run() async throws {
        do {
            try await demonstrate()
        } catch {
            throw Failure.exit(error)
        }
    }

    private func demonstrate() async throws {
        var catalog = try options.load()
        let filters = Set(catalog.profiles.flatMap { $0.topics.map(\.filter) }).sorted()
        let broker = try DemoBroker(directory: dataDir + "/broker", filters: filters)
        defer { broker.stop() }
        try configure(&catalog.settings, broker)
        let logger = ServiceLog.make(label: "demo", level: .warning)
        let address = Mutex("")
        let system = try IntakeSystem(catalog: catalog, logger: logger) { bound in
            address.withLock { $0 = bound }
        }
        let simulation = try simulation(catalog, broker)
        let picture = DemoPicture(
            status: system.status, simulation: simulation, zone: catalog.zone,
            language: language.language, address: { address.withLock { $0 } },
            tokenPath: system.tokenPath, duration: duration)
        let isTerminal = isatty(STDOUT_FILENO) == 1
        if isTerminal { StandardOutput.write(ScreenTerminal.enter) }
        let outcome = await Outcome.of {
            try await system.run([SimulationService(simulation: simulation), picture], logger: logger)
        }
        if isTerminal { StandardOutput.write(ScreenTerminal.leave) }
        try outcome.get()
        try DemoResult(directory: dataDir).report(simulation.snapshot())
    }

    /// Gateways that come back after half an hour: they deliver what they kept, then go on live, with a few faults.
    private func simulation(_ catalog: Catalog, _ broker: DemoBroker) throws -> GatewaySimulation {
        var options = SimulationOptions()
        options.rate = Double(rate)
        options.gateways = gateways
        options.seed = seed
        options.backlog = 30 * Span.minute
        // As their profiles say, faults are rare; a demo is to show what happens when there are some.
        options.trouble = 30
        options.faults.malformed = 0.002
        options.faults.duplicates = 0.005
        options.faults.late = 0.002
        options.faults.silent = 0.01
        var settings = catalog.settings.broker
        settings.tls = nil
        settings.host = "127.0.0.1"
        settings.port = broker.port
        settings.username = broker.gateways.user
        settings.passwordFile = broker.gateways.passwordFile
        return try GatewaySimulation(
            profiles: catalog.profiles, devices: catalog.devices, zone: catalog.zone,
            broker: try settings.publisher("gateways"), options: options)
    }

    private func configure(_ settings: inout Settings, _ broker: DemoBroker) throws {
        let (host, port) = try HostAndPort.parse(http, flag: "--http")
        settings.http.host = host
        settings.http.port = LoopbackPort.free(preferring: port)
        settings.data.directory = dataDir
        settings.broker.tls = nil
        settings.broker.host = "127.0.0.1"
        settings.broker.port = broker.port
        settings.broker.username = broker.service.user
        settings.broker.passwordFile = broker.service.passwordFile
    }
}

/// A result that may be looked at after the screen is restored.
enum Outcome {
    static func of(_ work: () async throws -> Void) async -> Result<Void, any Error> {
        do {
            try await work()
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}
