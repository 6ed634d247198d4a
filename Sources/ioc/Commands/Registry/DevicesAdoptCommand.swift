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
    @Option(parsing: .unconditional, help: "Degrees of latitude, WGS84.") var lat: Double?
    @Option(parsing: .unconditional, help: "Degrees of longitude, WGS84.") var lon: Double?
    @OptionGroup var data: DataOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var languageOptions: LanguageOptions

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
            let language = languageOptions.language
            let alias = row.alias.map { language(vi: ", bí danh \($0)", en: ", with the alias \($0)") } ?? ""
            StandardOutput.line(
                language(
                    vi: "\(row.id) đã có trong \(path)\(alias); nạp lại dịch vụ (SIGHUP) để nghe nó",
                    en: "\(row.id) is in \(path) now\(alias); reload the service (SIGHUP) to hear it"))
        } catch {
            throw Failure.exit(error)
        }
    }

    private func profile(in catalog: Catalog) throws -> DeviceProfile {
        let wanted: String
        if let profile {
            wanted = profile
        } else {
            let unknown = try UnknownDevice.list(try data.reader(languageOptions.language), catalog)
            let heard = unknown.first { $0.name == device }?.profiles ?? []
            guard heard.count == 1 else {
                let language = languageOptions.language
                throw CommandError(
                    heard.isEmpty
                        ? language(
                            vi:
                                "\(device): chưa nghe thấy như một thiết bị lạ; nêu --profile, hoặc xem ioc rejects --unknown",
                            en:
                                "\(device): was not heard as an unknown device; name its --profile, or see ioc rejects --unknown"
                        )
                        : language(
                            vi:
                                "\(device): nói trên chủ đề của \(heard.joined(separator: " và ")); chọn bằng --profile",
                            en:
                                "\(device): speaks on topics of \(heard.joined(separator: " and ")); say which with --profile"
                        ))
            }
            wanted = heard[0]
        }
        return try catalog.profiles.named(wanted)
    }

    private func row(_ profile: DeviceProfile, _ catalog: Catalog) throws -> FleetRow {
        let title = name ?? device
        let found = DeviceImport.Found(
            name: device, id: id, title: Title(vi: title, en: nameEn ?? title), profile: .known(profile.name))
        let plan = ImportPlan(
            DeviceImport(devices: [found]), into: profile.domain, of: catalog, ward: ward ?? "_",
            position: lat.map { .init(latitude: $0, longitude: lon ?? 0) })
        guard let row = plan.rows.first else {
            throw CommandError(plan.unmapped.map(\.description).joined(separator: "\n"))
        }
        return row
    }

    /// Writes the row, unless the files do not check with it.
    private func write(_ row: FleetRow, to path: String) throws {
        let text = try FleetText.changed(at: path) { fleet throws(FleetText.Mistake) in
            try FleetText.adding(row, to: fleet)
        }
        try CheckedFiles(texts: [(path, text)]).write { _ = try catalogOptions.load() }
    }
}

extension FleetText {
    /// What is at `path`, changed.
    /// - Throws: `CommandError` with the path.
    static func changed(at path: String, _ change: (String) throws(Mistake) -> String) throws -> String {
        let before = FileManager.default.contents(atPath: path) ?? Data()
        do throws(Mistake) {
            return try change(String(decoding: before, as: UTF8.self))
        } catch {
            throw CommandError("\(path): \(error)")
        }
    }
}
