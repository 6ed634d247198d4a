import GRDB
package import Telemetry

/// An id that no alert has.
package struct UnknownAlert: OperatorFault, Equatable {
    let id: String
    let newest: Int64?

    /// - Parameter newest: the greatest id there is.
    package init(id: String, newest: Int64? = nil) {
        self.id = id
        self.newest = newest
    }

    package var sentence: Title {
        let newest = newest.map { Title(vi: ", mới nhất là \($0)", en: ", the newest is \($0)") }
        return Title(
            vi:
                "cảnh báo \(id): không có\(newest?.vi ?? ""); `ioc alerts list --all` hoặc /api/v1/alerts?open=false liệt kê tất cả",
            en:
                "alert \(id): there is no such alert\(newest?.en ?? ""); `ioc alerts list --all` or /api/v1/alerts?open=false lists them"
        )
    }
}

extension StoreReader {
    /// - Throws: `UnknownAlert`.
    package func knownAlert(id: Int64) throws -> AlertAnswer {
        if let alert = try alert(id: id) { return alert }
        let newest = try database.read { db in try Int64.fetchOne(db, sql: "SELECT max(id) FROM alert") }
        throw UnknownAlert(id: "\(id)", newest: newest)
    }
}
