import GRDB
package import Telemetry

extension StoreReader {
    /// Commits of the journal in `range`, oldest first, as far back as it reaches: where it is rewritten by series, those of a
    /// second as one.
    package func forEachCommit(
        in range: Range<Milliseconds>,
        _ body: ([AcceptedMessage], [Reading], _ at: Milliseconds) throws -> Void
    ) throws {
        // A row of before the range may reach into it.
        let start = max(range.lowerBound, .min + Compactor.span) - Compactor.span
        try database.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, at_ms, block FROM journal WHERE at_ms >= ? AND at_ms < ? ORDER BY id",
                arguments: [start, range.upperBound])
            while let row = try rows.next() {
                try Store.forEachCommit(of: row, in: range, db.description, body)
            }
        }
    }

    /// Stored windows of `tier` that begin before `end`, of each series as far back as `length`, oldest first.
    package func forEachRollup(
        _ tier: Tier, of wanted: [(series: SeriesID, length: Milliseconds)], before end: Milliseconds,
        _ body: (Rollup) -> Void
    ) throws {
        try database.read { db in
            let select = try db.cachedStatement(
                sql: """
                    SELECT * FROM \(Schema.table(tier)) WHERE series = ? AND start_ms >= ? AND start_ms < ? ORDER BY start_ms
                    """)
            for (series, length) in wanted {
                let rows = try Row.fetchCursor(
                    select, arguments: [Int64(series.rawValue), end - length, end])
                while let row = try rows.next() { body(RollupTable.rollup(row, tier)) }
            }
        }
    }

    /// Switches of regimes up to `end`, oldest first.
    package func regimeSwitches(through end: Milliseconds) throws -> [RegimeSwitch] {
        try database.read { db in try RegimeTable.switches(through: end, db) }
    }

    /// Where a rule stands on a device; nil if it is at rest.
    package func alertInstance(rule: String, scope: String) throws -> AlertInstanceState? {
        try database.read { db in try AlertTable.instance(rule: rule, scope: scope, db) }
    }

    /// When the oldest commit of the journal was; nil if there is none.
    package func oldestCommit() throws -> Milliseconds? {
        try database.read { db in try Int64.fetchOne(db, sql: "SELECT min(at_ms) FROM journal") }
    }

    /// Devices with the ids under which they are stored. What never was gets ids of its own, and has no history.
    package func registry(profiles: [DeviceProfile], devices: [Device], wards: [Ward] = []) throws -> Registry
    {
        try database.read { db in
            let known = try Row.fetchAll(db, sql: "SELECT key, id FROM device")
            let deviceIDs = Dictionary(
                uniqueKeysWithValues: known.map { ($0["key"] as String, $0["id"] as Int64) })
            var series: [Int64: [String: Int64]] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT device, measurement, id FROM series") {
                series[row["device"], default: [:]][row["measurement"]] = row["id"]
            }
            var nextDevice = (deviceIDs.values.max() ?? 0) + 1
            var nextSeries = (series.values.flatMap(\.values).max() ?? 0) + 1
            func fresh(_ next: inout Int64) -> Int64 {
                defer { next += 1 }
                return next
            }
            let ids = devices.map { DeviceID(UInt32(deviceIDs[$0.key] ?? fresh(&nextDevice))) }
            let seriesIDs = zip(devices, ids).map { device, id in
                profiles[device.profileIndex].measurements.map { measurement in
                    SeriesID(
                        UInt32(series[Int64(id.rawValue)]?[measurement.name] ?? fresh(&nextSeries)))
                }
            }
            return Registry(
                profiles: profiles, devices: devices, deviceIDs: ids, seriesIDs: seriesIDs, wards: wards)
        }
    }
}
