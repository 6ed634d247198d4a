import ArgumentParser
import Catalog
import Foundation
import Telemetry

struct DevicesImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes devices in from another system's registry.",
        discussion: """
            Says what it would write; with --write it writes, and takes it back if the files do not check with it. Devices and
            values it cannot take are listed with the reason. What is there already stays as it is.

              home-assistant   mosquitto_sub -t 'homeassistant/#' -F %j --retained-only -W 5 > discovery.ndjson
              zigbee2mqtt      mosquitto_sub -t 'zigbee2mqtt/bridge/#' -F %j --retained-only -W 5 > bridge.ndjson
              thingsboard-csv  the export of its devices; each type must be a profile of the domain
              wot              a Thing Description of the W3C, or a JSON array of them

              ioc devices import zigbee2mqtt bridge.ndjson --domain mydomain --ward CODE
            """)

    @Argument(help: "home-assistant, zigbee2mqtt, thingsboard-csv or wot.") var format: ImportFormat
    @Argument(help: "The file.") var file: String
    @Option(help: "Where they go: a folder of devices/, which is made if there is none.") var domain: String
    @Option(help: "Code of the ward or commune of those that do not say it.") var ward = "_"
    @Option(
        parsing: .unconditional, help: "Latitude of those that do not say it; default: their ward's centre.")
    var lat: Double?
    @Option(parsing: .unconditional, help: "Longitude of those that do not say it.") var lon: Double?
    @Option(help: "How often those speak that do not say it, like 10m.") var cadence = "1h"
    @Flag(help: "Write the files.") var write = false
    @OptionGroup var catalogOptions: CatalogOptions

    func validate() throws {
        if (lat == nil) != (lon == nil) { throw ValidationError("--lat and --lon go together") }
        if !Identifier.isFileName(domain) {
            throw ValidationError("--domain \(domain): expected small letters, digits and hyphens")
        }
        if span == nil { throw ValidationError("--cadence \(cadence): expected a time like 30s, 10m or 1h") }
    }

    private var span: Milliseconds? { Span.parse(cadence).flatMap { $0 >= Span.second ? $0 : nil } }

    func run() throws {
        do {
            let catalog = try catalogOptions.load()
            let found = try format.read(file, for: domain, of: catalog, cadence: span ?? Span.hour)
            let position = lat.map { DeviceImport.Position(latitude: $0, longitude: lon ?? 0) }
            let plan = ImportPlan(found, into: domain, of: catalog, ward: ward, position: position)
            let files = try files(plan)
            if write, !plan.rows.isEmpty {
                try CheckedFiles(texts: files).write { _ = try catalogOptions.load() }
            }
            StandardOutput.write(report(plan, files))
        } catch {
            throw Failure.exit(error)
        }
    }

    /// Profiles, then the fleet.
    private func files(_ plan: ImportPlan) throws -> [(path: String, text: String)] {
        let folder = "\(catalogOptions.devices)/\(domain)"
        let name = URL(fileURLWithPath: file).lastPathComponent
        let origin = "\(name), a registry of the kind \(format.rawValue)"
        let profiles = try plan.profiles.map {
            (path: "\(folder)/\($0.name).yaml", text: try $0.draft.yaml(origin: origin))
        }
        let fleet = "\(folder)/fleet.csv"
        let text = try FleetText.changed(at: fleet) { text throws(FleetText.Mistake) in
            try plan.fleet(from: text)
        }
        return profiles + [(fleet, text)]
    }

    private func report(_ plan: ImportPlan, _ files: [(path: String, text: String)]) -> String {
        var text = ""
        for (path, content) in files.dropLast() { text += "\(path)\n" + Self.indented(content) }
        if !plan.keptProfiles.isEmpty {
            text += "as they are: \(plan.keptProfiles.map { "\(domain)/\($0)" }.joined(separator: ", "))\n"
        }
        if let fleet = files.last, !plan.rows.isEmpty {
            text += "\(fleet.path)\n"
            text += Self.indented(plan.rows.map(\.text).joined(separator: "\n"))
        }
        if !plan.unmapped.isEmpty {
            text += "left out\n" + Self.indented(plan.unmapped.map(\.description).joined(separator: "\n"))
        }
        let count =
            "\(plan.rows.count) devices, \(plan.profiles.count) new profiles, \(plan.unmapped.count) left out"
        let end =
            plan.rows.isEmpty
            ? "nothing to write"
            : write ? "written; reload the service (SIGHUP) to hear them" : "nothing was written; add --write"
        return text + "\(count): \(end)\n"
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "  \($0)\n" }.joined()
    }
}

extension ImportFormat: ExpressibleByArgument {}
