import GRDB
package import Telemetry

/// A series by its id, and what answers say of it.
package struct KnownSeries: Sendable, Equatable {
    package var id: SeriesID
    /// `device/measurement`.
    package var name: String
    package var unit: String
}

/// Which series are meant; what is nil does not matter.
package struct SeriesFilter: Sendable {
    package var domain: String?
    package var ward: String?
    package var device: String?
    package var measurement: String?

    package init(
        domain: String? = nil, ward: String? = nil, device: String? = nil, measurement: String? = nil
    ) {
        self.domain = domain
        self.ward = ward
        self.device = device
        self.measurement = measurement
    }

    /// All series are meant.
    package var isEmpty: Bool { domain == nil && ward == nil && device == nil && measurement == nil }
}

extension StoreReader {
    private static let known = """
        SELECT series.id, device.key || '/' || series.measurement, series.unit
        FROM series JOIN device ON device.id = series.device
        """

    /// nil if there is no such series.
    /// - Parameter name: `device/measurement`.
    package func series(named name: String) throws -> KnownSeries? {
        guard let parts = Self.split(name) else { return nil }
        var query = Query(Self.known)
        query.match("device.key", parts.device)
        query.match("series.measurement", parts.measurement)
        return try list(query, order: "series.id").first
    }

    /// Series of devices that are in use, by domain, device and id.
    package func series(_ filter: SeriesFilter) throws -> [KnownSeries] {
        var query = Query(Self.known + " AND device.in_use")
        query.match("device.domain", filter.domain)
        query.match("device.ward", filter.ward)
        query.match("device.key", filter.device)
        query.match("series.measurement", filter.measurement)
        return try list(query, order: "device.domain, device.key, series.id")
    }

    private func list(_ query: Query, order: String) throws -> [KnownSeries] {
        try database.read { db in
            let rows = try Row.fetchCursor(
                db, sql: query.sql + " ORDER BY " + order, arguments: query.arguments)
            var found: [KnownSeries] = []
            while let row = try rows.next() {
                found.append(KnownSeries(id: SeriesID(row[0]), name: row[1], unit: row[2]))
            }
            return found
        }
    }
}
