import Telemetry

/// Reads `config/wards.csv`.
struct WardFile {
    let zone: ZoneOffsets

    static let header = ["code", "name_vi", "name_en", "kind", "lat", "lon", "valid_from", "valid_to"]

    func read(_ file: SourceFile) -> [Ward] {
        guard let table = CSVTable.read(file, header: Self.header) else { return [] }
        var lines: [String: Int] = [:]
        return table.rows.compactMap { row in
            if let line = lines.updateValue(row[0].line, forKey: row[0].text) {
                table.fault(row[0], "the code \"\(row[0].text)\" stands in line \(line) already")
            }
            return ward(row, table)
        }
    }

    private func ward(_ row: [CSVTable.Cell], _ table: CSVTable) -> Ward? {
        let code = row[0].text
        if !Identifier.isDevice(code) || code == "_" {
            table.fault(row[0], "code: expected small letters, digits and hyphens, found \"\(code)\"")
        }
        for (cell, name) in zip(row[1...2], Self.header[1...2]) where cell.text.isEmpty {
            table.fault(cell, "\(name): expected a name, found nothing")
        }
        let kind = Ward.Kind(rawValue: row[3].text)
        if kind == nil { table.fault(row[3], "kind: expected `ward` or `commune`, found \"\(row[3].text)\"") }
        let latitude = table.degrees(row[4], "lat", 90)
        let longitude = table.degrees(row[5], "lon", 180)
        let from = day(row[6], "valid_from", table)
        let to = day(row[7], "valid_to", table)
        if let from, let to, to < from { table.fault(row[7], "valid_to: lies before valid_from") }
        guard let kind, let latitude, let longitude else { return nil }
        return Ward(
            code: code, name: Title(vi: row[1].text, en: row[2].text), kind: kind, latitude: latitude,
            longitude: longitude, validFrom: from.map(zone.utc(fromLocal:)),
            validUntil: to.map { zone.utc(fromLocal: $0 + Span.day) })
    }

    private func day(_ cell: CSVTable.Cell, _ name: String, _ table: CSVTable) -> Milliseconds? {
        if cell.text.isEmpty { return nil }
        let day = LocalText.day(cell.text[...])
        if day == nil { table.fault(cell, "\(name): expected a day like 2021-07-01, found \"\(cell.text)\"") }
        return day
    }
}

extension CSVTable {
    /// WGS84 degrees within ± `limit`.
    func degrees(_ cell: Cell, _ name: String, _ limit: Double) -> Double? {
        guard let number = Double(cell.text), number.isFinite, abs(number) <= limit else {
            fault(
                cell, "\(name): expected degrees from -\(Int(limit)) to \(Int(limit)), found \"\(cell.text)\""
            )
            return nil
        }
        return number
    }
}
