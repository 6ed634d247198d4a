import HTTPTypes
import Store

/// The series a request is about: some by their names, or all of a domain, ward, device or measurement.
struct SeriesChoice: Sendable {
    private let names: [String]
    private let filter: SeriesFilter

    init(_ query: QueryParameters) throws(Fault) {
        filter = try SeriesFilter(query)
        names = filter.isEmpty ? try Self.names(query) : []
        guard filter.isEmpty || query.texts("series").isEmpty else {
            throw .badRequest(
                "series: give names of series, or domain, ward, device and measurement, not both")
        }
    }

    /// - Throws: `Fault` if there is no series of a name; `UnknownPlace`.
    func series(_ reader: StoreReader) throws -> [KnownSeries] {
        guard !filter.isEmpty else { return try names.map { try Self.known($0, reader) } }
        try reader.check(domain: filter.domain, ward: filter.ward)
        return try reader.series(filter)
    }

    static func names(_ query: QueryParameters) throws(Fault) -> [String] {
        let names = query.texts("series")
        guard (1...ConsoleLimits.series).contains(names.count) else {
            throw .badRequest(
                """
                series: expected 1 to \(ConsoleLimits.series) of device/measurement, found \(names.count); \
                /api/v1/series lists them
                """)
        }
        return names
    }

    static func known(_ name: String, _ reader: StoreReader) throws -> KnownSeries {
        guard let series = try reader.series(named: name) else {
            throw Fault(
                .notFound, "series \"\(name)\": there is no such series; /api/v1/series lists them")
        }
        return series
    }
}

extension SeriesFilter {
    init(_ query: QueryParameters) throws(Fault) {
        self.init(
            domain: try query.text("domain"), ward: try query.text("ward"),
            device: try query.text("device"), measurement: try query.text("measurement"))
    }
}
