import Foundation
import GRDB
package import Telemetry

/// Reads of a store, by the service's own reader connections or by a command on a read-only one.
package struct StoreReader: Sendable {
    let database: any DatabaseReader
    package let zone: ZoneOffsets

    init(database: any DatabaseReader, zone: ZoneOffsets) {
        self.database = database
        self.zone = zone
    }

    /// Opens the database of a data directory for reading only, whether or not the service runs.
    /// - Throws: `StoreError`.
    package init(directory: String) throws {
        let path = Store.path(in: directory)
        guard FileManager.default.fileExists(atPath: path) else { throw StoreError.missing(path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try SeriesBlock.addFunction(to: $0) }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        guard try !queue.read(Schema.migrator.hasBeenSuperseded) else { throw StoreError.newerVersion(path) }
        guard try queue.read(Schema.migrator.hasCompletedMigrations) else {
            throw StoreError.olderVersion(path)
        }
        zone = try queue.read { db in
            let transitions = try Row.fetchAll(
                db, sql: "SELECT from_ms, offset_ms FROM zone ORDER BY from_ms"
            ).map {
                ZoneOffsets.Transition(from: $0["from_ms"], offset: $0["offset_ms"])
            }
            return transitions.isEmpty ? .utc : ZoneOffsets(name: "", transitions: transitions)
        }
        database = queue
    }

    // MARK: Registry

    /// Devices in use, by domain and id.
    /// - Parameter freshness: only these; empty for all.
    package func devices(domain: String? = nil, ward: String? = nil, freshness: [String] = []) throws
        -> [DeviceAnswer]
    {
        var query = Query("SELECT * FROM v_device")
        query.match("domain", domain)
        query.match("ward", ward)
        query.match("freshness", anyOf: freshness)
        return try fetch(query, order: "domain, device")
    }

    package func series(domain: String? = nil, ward: String? = nil, device: String? = nil) throws
        -> [SeriesAnswer]
    {
        var query = Query(
            """
            SELECT device.key || '/' || series.measurement AS series, device.domain, device.ward, device.key AS device,
                series.measurement, series.title_vi, series.title_en, series.unit, series.kind,
                \(SeriesBlock.Part.time.sql) AS time_ms, \(SeriesBlock.shownValue) AS value,
                \(SeriesBlock.shownQuality) AS quality
            FROM series JOIN device ON device.id = series.device AND device.in_use
                \(SeriesBlock.join)
            """)
        query.match("device.domain", domain)
        query.match("device.ward", ward)
        query.match("device.key", device)
        return try fetch(query, order: "device.domain, device.key, series.id")
    }

    // MARK: Values

    /// Windows of one series that begin in `[from, to)`, oldest first.
    /// - Parameter name: `device/measurement`.
    package func rollups(_ name: String, tier: Tier, from: Milliseconds, to: Milliseconds, limit: Int) throws
        -> [RollupAnswer]
    {
        guard let parts = Self.split(name) else { return [] }
        var query = Query("SELECT device || '/' || measurement AS series, * FROM v_rollup_\(tier.name)")
        query.match("device", parts.device)
        query.match("measurement", parts.measurement)
        query.add("start_ms >= ?", from)
        query.add("start_ms < ?", to)
        return try fetch(query, order: "start_ms LIMIT \(limit)")
    }

    package func rollupCount(_ tier: Tier) throws -> Int {
        try database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM \(Schema.table(tier))") ?? 0
        }
    }

    /// Raw readings of one series in `[from, to)`, in order of time, as far back as the journal reaches.
    package func readings(_ name: String, from: Milliseconds, to: Milliseconds, limit: Int) throws
        -> [ReadingAnswer]
    {
        guard let parts = Self.split(name) else { return [] }
        return try database.read { (db: Database) -> [ReadingAnswer] in
            let series = try Row.fetchOne(
                db,
                sql: """
                    SELECT series.id, series.unit, series.kind FROM series JOIN device ON device.id = series.device
                    WHERE device.key = ? AND series.measurement = ?
                    """, arguments: [parts.device, parts.measurement])
            guard let series else { return [] }
            let id = SeriesID(series["id"])
            let isRatio = series["kind"] == MeasurementKind.ratio.rawValue
            var found: [Reading] = []
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, block FROM journal WHERE to_ms >= ? AND from_ms < ? ORDER BY id",
                arguments: [from, to])
            while let row = try rows.next() {
                let readings = try Store.readings(of: id, in: row, db.description)
                found.append(contentsOf: readings.filter { $0.time >= from && $0.time < to })
            }
            return found.sorted { $0.time < $1.time }.prefix(limit).map { reading in
                ReadingAnswer(
                    series: name, unit: series["unit"], timeMs: reading.time,
                    timeLocal: zone.iso8601(reading.time),
                    value: isRatio ? reading.value / reading.weight : reading.value,
                    quality: "\(reading.quality)")
            }
        }
    }

    static func split(_ name: String) -> (device: String, measurement: String)? {
        guard let slash = name.lastIndex(of: "/") else { return nil }
        return (String(name[..<slash]), String(name[name.index(after: slash)...]))
    }

    // MARK: Alerts

    /// Alerts, as a control room sorts them: unacknowledged, returned, latched, acknowledged, then priority, then age.
    /// - Parameters:
    ///   - isOpen: only those an operator still has to do with.
    ///   - states: instead of them those that are in one of these.
    package func alerts(
        isOpen: Bool, states: [String] = [], domain: String? = nil, ward: String? = nil,
        priority: String? = nil, limit: Int = 1_000
    ) throws -> [AlertAnswer] {
        var query = Query("SELECT * FROM v_alert")
        if !states.isEmpty {
            query.match("state", anyOf: states)
        } else if isOpen {
            query.match("state", anyOf: AlertState.allCases.filter(\.isOpen).map(\.rawValue))
        }
        query.match("domain", domain)
        query.match("ward", ward)
        query.match("priority", priority)
        let order = """
            CASE state WHEN 'unacknowledged' THEN 0 WHEN 'returned' THEN 1 WHEN 'latched' THEN 2 WHEN 'acknowledged' THEN 3
                ELSE 4 END,
            \(Self.urgency("priority")), raised_ms DESC, id DESC
            LIMIT \(limit)
            """
        return try fetch(query, order: order)
    }

    /// nil if there is no such alert.
    package func alert(id: Int64) throws -> AlertAnswer? {
        var query = Query("SELECT * FROM v_alert")
        query.add("id = ?", id)
        let found: [AlertAnswer] = try fetch(query, order: "id")
        return found.first
    }

    /// The alert of an identity; nil if there is none.
    package func alert(_ identity: AlertIdentity) throws -> AlertAnswer? {
        var query = Query("SELECT * FROM v_alert")
        query.add("rule = ?", identity.rule)
        query.add("device = ?", identity.scope)
        query.add("onset_ms = ?", identity.onset)
        let found: [AlertAnswer] = try fetch(query, order: "id")
        return found.first
    }

    /// Regimes that were ever switched, as they are.
    package func regimes() throws -> [RegimeAnswer] {
        try fetch(Query("SELECT * FROM v_regime"), order: "regime")
    }

    static let events = """
        SELECT e.id, e.alert, a.rule, a.scope AS device, a.domain, a.ward, a.priority, e.from_state, e.to_state, e.cause,
            e.at_ms, e.recorded_ms, e.value, e.limit_value, a.summary_vi, a.summary_en, e.operator, e.comment, e.rule_version
        FROM alert_event e JOIN alert a ON a.id = e.alert
        """

    /// Transitions behind `id` in the order they were stored: what a resumed stream continues with.
    package func alertEvents(after id: Int64, limit: Int) throws -> [AlertEventAnswer] {
        var query = Query(Self.events)
        query.add("e.id > ?", id)
        return try fetch(query, order: "e.id LIMIT \(limit)")
    }

    /// Transitions by when they were stored, in that order.
    func alertEvents(recordedIn range: Range<Milliseconds>, domain: String?, ward: String?) throws
        -> [AlertEventAnswer]
    {
        var query = Query(Self.events)
        query.add("e.recorded_ms >= ?", range.lowerBound)
        query.add("e.recorded_ms < ?", range.upperBound)
        query.match("a.domain", domain)
        query.match("a.ward", ward)
        return try fetch(query, order: "e.id")
    }

    package func history(ofAlert id: Int64) throws -> [AlertEventAnswer] {
        var query = Query(Self.events)
        query.add("e.alert = ?", id)
        return try fetch(query, order: "e.id")
    }

    /// Id of the newest transition, 0 if there is none.
    package func lastAlertEvent() throws -> Int64 {
        try database.read { db in try Int64.fetchOne(db, sql: "SELECT max(id) FROM alert_event") ?? 0 }
    }

    // MARK: Losses

    package func losses() throws -> [LossAnswer] {
        try fetch(Query("SELECT * FROM v_loss"), order: "source, domain")
    }

    package func gaps(limit: Int = 100) throws -> [GapAnswer] {
        try fetch(Query("SELECT kind, from_ms, to_ms, count FROM gap"), order: "id DESC LIMIT \(limit)")
    }

    /// Messages that the broker says it has dropped, since the database was made.
    package func droppedByBroker() throws -> Int64 {
        try database.read { try Int64.fetchOne($0, sql: "SELECT coalesce(sum(count), 0) FROM gap") ?? 0 }
    }

    /// Refused messages, the latest first.
    package func rejects(reason: String? = nil, limit: Int = 100) throws -> [RejectAnswer] {
        var query = Query("SELECT * FROM v_reject")
        query.match("reason", reason)
        return try fetch(query, order: "last_ms DESC, id DESC LIMIT \(limit)")
    }

    // MARK: -

    func fetch<Found: Answer>(_ query: Query, order: String) throws -> [Found] {
        try database.read { db in
            try Found.fetchAll(db, sql: query.sql + " ORDER BY " + order, arguments: query.arguments)
        }
    }
}

/// A SELECT with the conditions that were asked for.
struct Query {
    private let select: String
    private var conditions: [String] = []
    private(set) var arguments = StatementArguments()

    init(_ select: String) { self.select = select }

    var sql: String {
        conditions.isEmpty ? select : select + " WHERE " + conditions.joined(separator: " AND ")
    }

    mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
        conditions.append(condition)
        arguments += [value]
    }

    /// No condition if `value` is nil.
    mutating func match(_ column: String, _ value: String?) {
        if let value { add("\(column) = ?", value) }
    }

    /// No condition if `values` is empty.
    mutating func match(_ column: String, anyOf values: [String]) {
        guard !values.isEmpty else { return }
        conditions.append("\(column) IN (\(values.map { _ in "?" }.joined(separator: ",")))")
        for value in values { arguments += [value] }
    }
}
