import Foundation
import Telemetry

/// Reads the CSV export of ThingsBoard's devices. It says what devices there are, not what they measure: their type must
/// be a profile of the domain.
struct ThingsBoardTable {
    let profiles: [DeviceProfile]

    private enum Column: CaseIterable {
        case name, type, label, latitude, longitude

        /// As the export, the bulk import and people head them.
        var headings: [String] {
            switch self {
            case .name: ["name", "device name"]
            case .type: ["type", "device type", "device profile", "profile"]
            case .label: ["label", "device label"]
            case .latitude: ["latitude", "lat"]
            case .longitude: ["longitude", "lon", "lng", "long"]
            }
        }
    }

    func read(_ text: String, _ file: SourceFile) -> DeviceImport? {
        let firstLine = text.prefix { !$0.isNewline }
        let delimiter = UInt8(ascii: firstLine.contains(";") && !firstLine.contains(",") ? ";" : ",")
        guard var rows = CSVTable.cells(text, file, delimiter: delimiter) else { return nil }
        let header = rows.isEmpty ? [] : rows.removeFirst().map { $0.text.lowercased() }
        var columns: [Column: Int] = [:]
        for column in Column.allCases {
            columns[column] = header.firstIndex { column.headings.contains($0.trimmed) }
        }
        guard columns[.name] != nil, columns[.type] != nil else {
            file.fault(
                "the first line must name the columns, `name` and `type` among them, found \(header.joined(separator: ","))"
            )
            return nil
        }
        var found = DeviceImport()
        for row in rows {
            func cell(_ column: Column) -> String? {
                guard let index = columns[column], index < row.count else { return nil }
                let text = row[index].text.trimmed
                return text.isEmpty ? nil : text
            }
            guard let name = cell(.name) else {
                found.leaveOut("line \(row[0].line)", "has no name")
                continue
            }
            add(name, cell(.type), cell(.label), position(cell(.latitude), cell(.longitude)), to: &found)
        }
        return found
    }

    private func add(
        _ name: String, _ type: String?, _ label: String?, _ position: DeviceImport.Position?,
        to found: inout DeviceImport
    ) {
        let wanted = Identifier.slug(type ?? "", ".", "_")
        guard let profile = profiles.first(where: { $0.name == wanted }) else {
            found.leaveOut(
                name,
                "its type `\(type ?? "")` is no profile of the domain: write \(wanted.isEmpty ? "one" : "\(wanted).yaml") first"
            )
            return
        }
        let title = label ?? name
        found.devices.append(
            DeviceImport.Found(
                name: name, title: Title(vi: title, en: title), profile: .known(profile.name),
                position: position))
    }

    private func position(_ latitude: String?, _ longitude: String?) -> DeviceImport.Position? {
        guard let latitude = latitude.flatMap(Double.init), let longitude = longitude.flatMap(Double.init)
        else {
            return nil
        }
        return DeviceImport.Position(latitude: latitude, longitude: longitude)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
