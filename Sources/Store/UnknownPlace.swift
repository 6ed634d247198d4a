import GRDB
package import Telemetry

/// A domain or ward of which there is no device and never was an alert. A list that is empty because of a slip of the pen
/// would read as if nothing were wrong.
package struct UnknownPlace: OperatorFault, Equatable {
    enum Kind: String, Sendable { case domain, ward }

    let kind: Kind
    let name: String
    /// What may have been meant.
    let hint: Title

    package var sentence: Title {
        Title(
            vi:
                "\(kind == .domain ? "lĩnh vực" : "phường/xã") \(name): không có thiết bị hay cảnh báo nào\(hint.vi)",
            en: "\(kind.rawValue) \(name): there is no device and no alert of it\(hint.en)")
    }
}

extension StoreReader {
    /// - Throws: `UnknownPlace`.
    package func check(domain: String?, ward: String?) throws {
        if let domain { try check(.domain, domain) }
        if let ward { try check(.ward, ward) }
    }

    private func check(_ kind: UnknownPlace.Kind, _ name: String) throws {
        let column = kind.rawValue
        let known: [String]? = try database.read { db in
            let isKnown = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM device WHERE \(column) = ?1)
                        OR EXISTS (SELECT 1 FROM alert WHERE \(column) = ?1)
                    """, arguments: [name])
            guard isKnown != true else { return nil }
            // What is taken for a ward may have been meant for a domain.
            let alike = kind == .ward ? " UNION SELECT domain FROM device" : ""
            return try String.fetchAll(
                db, sql: "SELECT \(column) FROM device UNION SELECT \(column) FROM alert\(alike) ORDER BY 1")
        }
        guard let known else { return }
        throw UnknownPlace(kind: kind, name: name, hint: Spelling.suggestion(name, known))
    }
}
