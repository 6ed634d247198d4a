package import Telemetry

/// A row to be of `fleet.csv`.
package struct FleetRow: Sendable, Equatable {
    package var id: String
    package var alias: String?
    package var profile: String
    package var name: Title
    package var ward: String
    package var latitude: Double
    package var longitude: Double

    package init(
        id: String, alias: String? = nil, profile: String, name: Title, ward: String, latitude: Double,
        longitude: Double
    ) {
        self.id = id
        self.alias = alias
        self.profile = profile
        self.name = name
        self.ward = ward
        self.latitude = latitude
        self.longitude = longitude
    }

    /// In the order of the columns; without a cadence of its own.
    fileprivate var cells: [String] {
        [id, profile, name.vi, name.en, ward, "\(latitude)", "\(longitude)", "", alias ?? "", "", ""]
    }

    /// As it stands in a fleet that has all columns up to the alias.
    package var text: String { CSVText.row(cells.dropLast(2)) }

    /// The id of a device that topics call `name`, and the alias it then needs.
    ///
    /// Capitals are small letters, which the router knows; anything else that an id may not have becomes a hyphen, and then
    /// the name must stand beside it.
    package static func identity(of name: String) -> (id: String, alias: String?) {
        let small = name.lowercased()
        if Identifier.isDevice(small), name.utf8.allSatisfy({ $0 < 0x80 }) { return (small, nil) }
        let last = small.split(separator: "/").last.map(String.init) ?? small
        let id = Identifier.slug(last)
        return (id.isEmpty ? "device" : id, name)
    }
}

/// `fleet.csv` as text, to which rows are added without changing what is there.
package enum FleetText {
    package struct Mistake: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    private static let columns = FleetFile.header + FleetFile.optional
    /// How many columns a row with an alias needs.
    private static let throughAlias = FleetFile.header.count + 2

    /// - Parameter text: the file; empty if there is none.
    package static func adding(_ row: FleetRow, to text: String) throws(Mistake) -> String {
        let newline = text.contains("\r\n") ? "\r\n" : "\n"
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(
            String.init)
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        if lines.isEmpty { lines = [FleetFile.header.joined(separator: ",")] }
        let byteOrderMark = "\u{FEFF}"
        let header = lines[0].hasPrefix(byteOrderMark) ? String(lines[0].dropFirst()) : lines[0]
        var found = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard columns.starts(with: found), found.count >= FleetFile.header.count else {
            throw Mistake(
                description:
                    "the first line must be \(FleetFile.header.joined(separator: ",")), found \(header)")
        }
        if row.alias != nil, found.count < throughAlias {
            // A cell over several lines would get its commas inside.
            guard lines.allSatisfy({ $0.count(where: { $0 == "\"" }) % 2 == 0 }) else {
                throw Mistake(
                    description: "has cells over several lines: add the columns cadence,alias by hand")
            }
            let missing = columns[found.count..<throughAlias]
            lines[0] += missing.map { ",\($0)" }.joined()
            for index in lines.indices.dropFirst() where !lines[index].isEmpty {
                lines[index] += String(repeating: ",", count: missing.count)
            }
            found = Array(columns.prefix(throughAlias))
        }
        lines.append(CSVText.row(Array(row.cells.prefix(found.count))))
        return lines.joined(separator: newline) + newline
    }
}
