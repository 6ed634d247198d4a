import ArgumentParser
import Broker
import Catalog
import Foundation
import Telemetry

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Device gateways: publishes what every device of the fleets would.",
        discussion: """
            Values follow `simulate:` of the profiles, in the city's local time. The same seed makes the same city. Without
            --rate every device keeps its own cadence.

              ioc simulate --broker mqtt://127.0.0.1:1883 --rate 500 --ledger ledger.ndjson

            Half an hour of backlog after an outage, and everything that goes wrong in the field:

              ioc simulate --broker 127.0.0.1 --backlog 30m --duplicates 0.02 --late 0.05 --out-of-order 0.02 \\
                --clock-skew 0.1 --malformed 0.01 --silent 0.05
            """)

    @Option(help: "mqtt://HOST:PORT, mqtts://HOST:PORT or HOST:PORT.") var broker: String
    @Option(help: "Broker user.") var username: String?
    @Option(help: "File with the broker's password on its first line.") var passwordFile: String?
    @Option(help: "Messages a second over all devices; default: each device at its cadence.") var rate:
        Double?
    @Option(help: "Connections the devices are spread over.") var gateways = 4
    @Option(help: "Seed of everything that is made up.") var seed: UInt64 = 1
    @Option(help: "0 or 1.") var qos: Int32 = 1
    @Option(help: "Seconds; default: until Ctrl-C.") var duration: Double?
    @Option(help: "File that lists every acknowledged message as a JSON line.") var ledger: String?
    @Option(help: "How far back every device begins, for example 30m.") var backlog: String?
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var faults: SimulationFaultOptions

    func validate() throws {
        _ = try BrokerAddress(broker)
        guard qos == 0 || qos == 1 else { throw ValidationError("--qos \(qos): expected 0 or 1") }
        guard (1...1_000).contains(gateways) else {
            throw ValidationError("--gateways \(gateways): expected 1 to 1000")
        }
        if let rate, !(rate > 0 && rate <= 10_000_000) {
            throw ValidationError("--rate \(rate): expected messages per second, more than 0")
        }
        if let duration, !(duration > 0 && duration <= 1e9) {
            throw ValidationError("--duration \(duration): expected seconds, more than 0 and at most 1e9")
        }
        _ = try backlogLength()
    }

    func run() async throws {
        do {
            try await simulate()
        } catch {
            throw Failure.exit(error)
        }
    }

    private func backlogLength() throws -> Milliseconds {
        guard let backlog else { return 0 }
        guard let length = Span.parse(backlog), length <= 400 * Span.day else {
            throw ValidationError("--backlog \(backlog): expected a length of time such as 30m, 6h or 2d")
        }
        return length
    }

    private func options() throws -> SimulationOptions {
        var options = SimulationOptions()
        options.rate = rate
        options.gateways = gateways
        options.seed = seed
        options.qos = qos
        options.backlog = try backlogLength()
        options.faults = faults.faults
        options.trouble = faults.trouble
        options.ledger = ledger
        return options
    }

    private func simulate() async throws {
        let catalog = try catalogOptions.load()
        guard !catalog.devices.isEmpty else {
            throw ServiceFault("\(catalogOptions.devices): no fleet has a device; nothing to simulate")
        }
        let simulation = try GatewaySimulation(
            profiles: catalog.profiles, devices: catalog.devices, zone: catalog.zone,
            broker: brokerSettings(catalog.settings),
            options: options())
        let interrupts = Interrupts()
        try simulation.start()
        await SimulationProgress(simulation).show(until: interrupts, duration: duration)
        simulation.stop()
        let end = simulation.snapshot()
        Failure.say(SimulationProgress.summary(end, qos: qos, ledger: ledger))
        if let error = simulation.ledgerError { throw error }
    }

    private func brokerSettings(_ settings: Settings) throws -> BrokerSettings {
        var own = settings.broker
        let address = try BrokerAddress(broker)
        own.host = address.host
        own.port = address.port
        if address.isSecure, own.tls == nil {
            throw ServiceFault("\(broker) wants TLS: set broker.tls.authority in \(catalogOptions.config)")
        }
        if !address.isSecure { own.tls = nil }
        // Gateways have an account of their own, never the service's.
        own.username = username
        own.passwordFile = passwordFile
        return try own.publisher("simulate")
    }
}
