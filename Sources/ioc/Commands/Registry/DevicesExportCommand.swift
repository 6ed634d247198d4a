import ArgumentParser
import Catalog
import Foundation
import Telemetry

struct DevicesExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes devices for other systems to read, as a JSON array.",
        discussion: """
            wot is a Thing Description of the W3C Web of Things for each device, with its topics; `ioc devices import wot`
            reads it. sdm is the Device of the FIWARE Smart Data Models.

              ioc devices export wot --domain mydomain > things.json
              ioc devices export sdm jr-001 jr-002
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case wot, sdm }

    @Argument(help: "wot or sdm.") var format: Format
    @Argument(help: "Only these devices, by their ids; default: all.") var devices: [String] = []
    @Option(help: "Only this domain.") var domain: String?
    @Option(help: "Where others find the broker, mqtt://HOST:PORT; default: where the service does.")
    var broker: String?
    @OptionGroup var catalogOptions: CatalogOptions

    func run() throws {
        do {
            let catalog = try catalogOptions.load()
            for id in devices where !catalog.devices.contains(where: { $0.key == id }) {
                throw CommandError(
                    "there is no device \(id); `ioc devices` lists all that were ever heard of")
            }
            let wanted = catalog.devices.filter {
                (devices.isEmpty || devices.contains($0.key)) && (domain == nil || $0.domain == domain)
            }
            StandardOutput.write(try text(wanted, catalog))
        } catch {
            throw Failure.exit(error)
        }
    }

    func text(_ devices: [Device], _ catalog: Catalog) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let settings = catalog.settings.broker
        let broker = broker ?? "mqtt\(settings.tls == nil ? "" : "s")://\(settings.address)"
        let document: Data =
            switch format {
            case .wot:
                try encoder.encode(
                    devices.map { WoTThing($0, catalog.profiles[$0.profileIndex], broker: broker) })
            case .sdm: try encoder.encode(devices.map { SDMDevice($0, catalog.profiles[$0.profileIndex]) })
            }
        return String(decoding: document, as: UTF8.self) + "\n"
    }
}
