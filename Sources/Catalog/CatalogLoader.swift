import Telemetry

/// Reads the files in the order in which they refer to each other.
final class CatalogLoader {
    let log = FaultLog()
    let zones = ZoneTable()
    var settings = Settings()
    var zone = ZoneOffsets.utc
    var wards: [Ward] = []
    /// Calendars and regimes that rules may name.
    var times = AlertTimes(zone: .utc)
    var profiles: [DeviceProfile] = []
    /// Profiles to copy from, which nobody speaks.
    var library: [DeviceProfile] = []
    var devices: [Device] = []
    var devicesPath = ""
    /// `file:line` of each device.
    var devicePlaces = FleetFile.Places()
    var rules: [AlertRule] = []
    var ruleTests: [RuleTest] = []
    var receivers: [Receiver] = []
    /// Domains by name, with what later checks may rely on.
    var domains: [String: Domain] = [:]

    struct Domain {
        /// Profiles by the names of their files, also faulty ones.
        var profileNames: Set<String> = []
        /// Whether a file of the domain has mistakes, so that what refers to it cannot be judged.
        var isFaulty = false
    }

    func readSettings(_ path: String) {
        if let root = YAMLFile.read(path, log) { settings = SettingsFile(zones: zones).read(root) }
        if let zone = zones.zone(named: settings.city.timezone) {
            self.zone = zone
        } else {
            SourceFile(path: path, log: log).fault("this system has no zone table: install tzdata")
        }
        let wardPath = Folder.of(path).path + "/wards.csv"
        wards = WardFile(zone: zone).read(SourceFile(path: wardPath, log: log))
        let calendarPath = Folder.of(path).path + "/calendars.yaml"
        times = AlertTimes(zone: zone)
        guard Folder.of(path).holds("calendars.yaml"), let root = YAMLFile.read(calendarPath, log) else {
            return
        }
        times = CalendarFile(zone: zone).read(root)
    }

    // MARK: Devices

    func readDevices(_ path: String) {
        devicesPath = path
        let root = Folder(path: path)
        guard let folders = root.folders(log) else { return }
        for name in folders where name.hasPrefix("_") {
            readLibrary(name, Folder(path: "\(path)/\(name)"))
        }
        let names = folders.filter { !$0.hasPrefix("_") }
        if names.isEmpty {
            SourceFile(path: path, log: log).fault("there is no domain in here: make a folder for one")
        }
        for name in names {
            let folder = Folder(path: "\(path)/\(name)")
            if !Identifier.isFileName(name) {
                SourceFile(path: folder.path, log: log).fault(
                    "a domain's folder is named with small letters, digits and hyphens")
            }
            if name == SelfMonitoring.name {
                SourceFile(path: folder.path, log: log).fault(
                    "this domain is \(SelfMonitoring.place); give the folder another name")
            }
            readDomain(name, folder)
        }
        FleetFile.checkGateways(devicePlaces, of: devices)
    }

    /// A folder that begins with `_` holds profiles to copy: they are checked, but they are of no domain and nothing
    /// subscribes to their topics.
    private func readLibrary(_ name: String, _ folder: Folder) {
        if !Identifier.isFileName(String(name.dropFirst())) {
            SourceFile(path: folder.path, log: log).fault(
                "a library's folder is named with `_` and then small letters, digits and hyphens")
        }
        if folder.holds("fleet.csv") {
            SourceFile(path: "\(folder.path)/fleet.csv", log: log).fault(
                "a library has no devices: copy the profile into the folder of a domain")
        }
        library += folder.yamlNames(log).compactMap { readProfile($0, of: name, in: folder) }
    }

    private func readDomain(_ name: String, _ folder: Folder) {
        var domain = Domain()
        var known: [String: (index: Int, cadence: Milliseconds)] = [:]
        let isClean = log.isClean {
            for profile in folder.yamlNames(log) {
                domain.profileNames.insert(profile)
                guard let read = readProfile(profile, of: name, in: folder) else { continue }
                known[profile] = (profiles.count, read.cadence)
                profiles.append(read)
            }
            let fleet = FleetFile(
                domain: name, wards: Set(wards.map(\.code)), profileNames: domain.profileNames,
                profiles: known)
            devices += fleet.read(
                SourceFile(path: "\(folder.path)/fleet.csv", log: log), places: &devicePlaces)
        }
        domain.isFaulty = !isClean
        domains[name] = domain
    }

    private func readProfile(_ name: String, of domain: String, in folder: Folder) -> DeviceProfile? {
        let path = "\(folder.path)/\(name).yaml"
        if !Identifier.isFileName(name) {
            SourceFile(path: path, log: log).fault(
                "a profile's file is named with small letters, digits and hyphens")
        }
        return YAMLFile.read(path, log).flatMap(ProfileFile(domain: domain, name: name, zones: zones).read)
    }
}
