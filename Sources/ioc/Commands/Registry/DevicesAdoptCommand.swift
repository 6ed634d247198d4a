import ArgumentParser
import Catalog
import Foundation
import Store
import Telemetry

struct DevicesAdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Takes a device into the fleet of its profile's domain.",
        discussion: """
            NAME is what its topics call it, as `ioc rejects --unknown` lists it. Its id is that name in small letters; a name
            that cannot be an id becomes the alias of one. Without --profile the one is taken whose topics it was heard on.
            The place is the ward's centre, or --lat and --lon. The fleet is checked with all other files before it stays.

              ioc devices adopt 24E124136B502217 --profile mydomain/myprofile --ward CODE --name 'Cảm biến số 7'
            """)

    @Argument(help: "What its topics call it.") var device: String
    @Option(help: "DOMAIN/PROFILE.") var profile: String?
    @Option(help: "Its id; default: from its name in topics.") var id: String?
    @Option(help: "Its name in Vietnamese; default: as its topics call it.") var name: String?
    @Option(help: "Its name in English; default: the same.") var nameEn: String?
    @Option(help: "Code of its ward or commune, _ for the whole city.") var ward: String?
    @Option(help: "Degrees of latitude, WGS84.") var lat: Double?
    @Option(parsing: .unconditional, help: "Degrees of longitude, WGS84.") var lon: Double?
    @OptionGroup var data: DataOptions
    @OptionGroup var catalogOptions: CatalogOptions

    func validate() throws {
        if (lat == nil) != (lon == nil) { throw ValidationError("--lat and --lon go together") }
        if lat == nil, ward == nil || ward == "_" {
            throw ValidationError("where is it? Name its --ward, or --lat and --lon")
        }
    }

    func run() throws {
        do {
            let catalog = try catalogOptions.load()
            let profile = try profile(in: catalog)
            let row = try row(profile, catalog)
            let path = "\(catalogOptions.devices)/\(profile.domain)/fleet.csv"
            try write(row, to: path)
            StandardOutput.write(
                "\(row.id) is in \(path) now\(row.alias.map { ", with the alias \($0)" } ?? ""); restart the service to hear it\n"
            )
        } catch {
            throw Failure.exit(error)
        }
    }

    private func profile(in catalog: Catalog) throws -> DeviceProfile {
        let wanted: String
        if let profile {
            wanted = profile
        } else {
            let rejects = try data.reader().rejects(
                reason: RejectionReason.unknownDevice.rawValue, limit: 1_000_000)
            let heard =
                UnknownDevice.list(rejects, profiles: catalog.profiles).first { $0.name == device }?.profiles
                ?? []
            guard heard.count == 1 else {
                throw CommandError(
                    heard.isEmpty
                        ? "\(device): was not heard as an unknown device; name its --profile, or see ioc rejects --unknown"
                        : "\(device): speaks on topics of \(heard.joined(separator: " and ")); say which with --profile"
                )
            }
            wanted = heard[0]
        }
        guard let found = catalog.profiles.first(where: { $0.id == wanted }) else {
            throw CommandError(
                "there is no profile \(wanted); known: \(catalog.profiles.map(\.id).joined(separator: ", "))")
        }
        return found
    }

    private func row(_ profile: DeviceProfile, _ catalog: Catalog) throws -> FleetRow {
        var (id, alias) = FleetRow.identity(of: device)
        if let wanted = self.id {
            alias = wanted == device.lowercased() ? alias : device
            id = wanted
        }
        if let known = catalog.devices.first(where: { $0.key == id || ($0.alias != nil && $0.alias == alias) }
        ) {
            throw CommandError(
                "\(known.key) is a device of \(catalog.profiles[known.profileIndex].id) already; another id goes with --id"
            )
        }
        let place = catalog.wards.first { $0.code == ward }
        if let ward, ward != "_", place == nil {
            throw CommandError(
                "there is no ward \(ward); known: \(catalog.wards.map(\.code).joined(separator: ", "))")
        }
        let title = name ?? device
        return FleetRow(
            id: id, alias: alias, profile: profile.name, name: Title(vi: title, en: nameEn ?? title),
            ward: ward ?? "_",
            latitude: lat ?? place?.latitude ?? 0, longitude: lon ?? place?.longitude ?? 0)
    }

    /// Writes the row, unless the files do not check with it.
    private func write(_ row: FleetRow, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        let before = FileManager.default.contents(atPath: path)
        let after: String
        do throws(FleetText.Mistake) {
            after = try FleetText.adding(row, to: String(decoding: before ?? Data(), as: UTF8.self))
        } catch {
            throw CommandError("\(path): \(error)")
        }
        try Data(after.utf8).write(to: url, options: .atomic)
        do {
            _ = try catalogOptions.load()
        } catch {
            if let before {
                try before.write(to: url, options: .atomic)
            } else {
                try FileManager.default.removeItem(at: url)
            }
            throw error
        }
    }
}
