import Telemetry

/// Reads `devices/<domain>/fleet.csv`.
struct FleetFile {
    let domain: String
    /// Codes of the register.
    let wards: Set<String>
    /// Names of the domain's profiles, also of faulty ones.
    let profileNames: Set<String>
    /// Index of each valid profile.
    let profiles: [String: (index: Int, cadence: Milliseconds)]

    static let header = ["id", "profile", "name", "name_en", "ward", "lat", "lon"]
    static let optional = ["cadence", "alias", "gateway", "tags"]

    /// Where each id and each alias was met so far, over all fleets.
    struct Places {
        var ids = [SelfMonitoring.name: SelfMonitoring.place]
        var aliases: [String: String] = [:]
        /// Where gateways are named, and by which device: they may be of another fleet.
        var gateways: [(cell: CSVTable.Cell, device: String, file: SourceFile)] = []
    }

    /// Notes gateways that are no devices, or are reached over their own devices.
    static func checkGateways(_ places: Places, of devices: [Device]) {
        let gateways = Dictionary(uniqueKeysWithValues: devices.map { ($0.key, $0.gateway) })
        for (cell, device, file) in places.gateways {
            func fault(_ message: String) {
                file.fault(line: cell.line, column: cell.column, "gateway: \(message)")
            }
            guard places.ids[cell.text] != nil else {
                fault(
                    "there is no device \"\(cell.text)\"\(Spelling.hint(cell.text, places.ids.keys.sorted()))"
                )
                continue
            }
            if cell.text == device {
                fault("a device is not its own gateway: leave the cell empty")
            } else if (gateways[cell.text] ?? nil) != nil {
                fault("\"\(cell.text)\" is heard over a gateway itself: name the one that the broker hears")
            }
        }
    }

    func read(_ file: SourceFile, places: inout Places) -> [Device] {
        guard let table = CSVTable.read(file, header: Self.header, optional: Self.optional) else {
            return []
        }
        var devices: [Device] = []
        places.gateways += table.rows.compactMap { row in
            row.count > 9 && !row[9].text.isEmpty ? (row[9], row[0].text, table.file) : nil
        }
        for row in table.rows {
            if let other = places.ids[row[0].text] {
                table.fault(row[0], "id: \"\(row[0].text)\" is a device at \(other) already")
                continue
            }
            let place = "\(file.path):\(row[0].line)"
            places.ids[row[0].text] = place
            guard let device = device(row, table) else { continue }
            if let alias = device.alias,
                let other = places.aliases.updateValue(place, forKey: alias)
            {
                table.fault(row[8], "alias: \"\(alias)\" is a device at \(other) already")
                continue
            }
            devices.append(device)
        }
        return devices
    }

    private func device(_ row: [CSVTable.Cell], _ table: CSVTable) -> Device? {
        let key = row[0].text
        if !Identifier.isDevice(key) {
            table.fault(
                row[0],
                "id: expected up to 64 of a-z, 0-9, `.`, `_`, `-` after a letter or digit, found \"\(key)\"")
        }
        if !profileNames.contains(row[1].text) {
            let hint = Spelling.hint(row[1].text, profileNames.sorted())
            table.fault(row[1], "profile: there is no devices/\(domain)/\(row[1].text).yaml\(hint)")
        }
        for (cell, name) in zip(row[2...3], Self.header[2...3]) where cell.text.isEmpty {
            table.fault(cell, "\(name): expected a name, found nothing")
        }
        if row[4].text != "_", !wards.contains(row[4].text) {
            let hint = Spelling.hint(row[4].text, wards.sorted())
            table.fault(row[4], "ward: \"\(row[4].text)\" is not in wards.csv\(hint)")
        }
        let latitude = table.degrees(row[5], "lat", 90)
        let longitude = table.degrees(row[6], "lon", 180)
        let cadence = cadence(row, table)
        guard let profile = profiles[row[1].text], let latitude, let longitude else { return nil }
        return Device(
            key: key, alias: row.count > 8 && !row[8].text.isEmpty ? row[8].text : nil,
            profileIndex: profile.index, domain: domain,
            name: Title(vi: row[2].text, en: row[3].text),
            ward: row[4].text, latitude: latitude, longitude: longitude, cadence: cadence ?? profile.cadence,
            gateway: row.count > 9 && !row[9].text.isEmpty ? row[9].text : nil, tags: tags(row, table))
    }

    /// Words between spaces.
    private func tags(_ row: [CSVTable.Cell], _ table: CSVTable) -> [String] {
        guard row.count > 10 else { return [] }
        return row[10].text.split(separator: " ").map(String.init).filter { tag in
            if Identifier.isFileName(tag) { return true }
            table.fault(
                row[10], "tags: expected words of small letters, digits and hyphens, found \"\(tag)\"")
            return false
        }
    }

    private func cadence(_ row: [CSVTable.Cell], _ table: CSVTable) -> Milliseconds? {
        guard row.count > Self.header.count, !row[7].text.isEmpty else { return nil }
        let cadence = Span.parse(row[7].text).flatMap { $0 >= Span.second ? $0 : nil }
        if cadence == nil { table.fault(row[7], "cadence: expected at least `1s`, found \"\(row[7].text)\"") }
        return cadence
    }
}
