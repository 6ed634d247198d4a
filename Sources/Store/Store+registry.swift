import GRDB
package import Telemetry

extension Store {
    /// Gives every device and series its id for good, and keeps what people see of them up to date.
    /// - Parameters:
    ///   - rules: of each the version is kept, as it is from `now` on.
    package func register(
        profiles: [DeviceProfile], devices: [Device], wards: [Ward] = [], rules: [AlertRule] = [],
        at now: Milliseconds = 0
    ) throws -> Registry {
        try noting {
            try pool.write { db in
                for rule in rules { try Self.register(rule, at: now, db) }
                return try Self.register(profiles, devices, wards, db)
            }
        }
    }

    private static func register(_ rule: AlertRule, at now: Milliseconds, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO rule_version(rule, version, since_ms, text) VALUES (?,?,?,?)"
        ).execute(arguments: [rule.name, rule.version, now, rule.source])
    }

    private static func register(
        _ profiles: [DeviceProfile], _ devices: [Device], _ wards: [Ward], _ db: Database
    ) throws -> Registry {
        try db.execute(sql: "UPDATE device SET in_use = 0")
        var deviceIDs: [DeviceID] = []
        var seriesIDs: [[SeriesID]] = []
        for device in devices {
            let profile = profiles[device.profileIndex]
            let id = try Self.register(device, profile, db)
            deviceIDs.append(DeviceID(UInt32(id)))
            seriesIDs.append(
                try profile.measurements.map { SeriesID(UInt32(try Self.register($0, of: id, db))) })
        }
        return Registry(
            profiles: profiles, devices: devices, deviceIDs: deviceIDs, seriesIDs: seriesIDs,
            retired: try Self.retired(seriesIDs, db), wards: wards)
    }

    private static func register(_ device: Device, _ profile: DeviceProfile, _ db: Database) throws -> Int64 {
        let update = """
            UPDATE device SET domain = :domain, profile = :profile, system = :system, name_vi = :vi, name_en = :en,
                ward = :ward, lat = :lat, lon = :lon, cadence_ms = :cadence, in_use = 1
            WHERE key = :key RETURNING id
            """
        let insert = """
            INSERT INTO device(key, domain, profile, system, name_vi, name_en, ward, lat, lon, cadence_ms)
            VALUES (:key, :domain, :profile, :system, :vi, :en, :ward, :lat, :lon, :cadence) RETURNING id
            """
        let values: StatementArguments = [
            "key": device.key, "domain": device.domain, "profile": profile.name, "system": profile.system,
            "vi": device.name.vi, "en": device.name.en, "ward": device.ward, "lat": device.latitude,
            "lon": device.longitude, "cadence": device.cadence,
        ]
        return try updateOrInsert(update, insert, values, db)
    }

    /// Not an upsert: one that updates still burns an AUTOINCREMENT id, and ids are indices of arrays.
    private static func updateOrInsert(
        _ update: String, _ insert: String, _ values: StatementArguments, _ db: Database
    ) throws -> Int64 {
        if let known = try Int64.fetchOne(db.cachedStatement(sql: update), arguments: values) { return known }
        return try Int64.fetchOne(db.cachedStatement(sql: insert), arguments: values)!
    }

    private static func register(_ measurement: Measurement, of device: Int64, _ db: Database) throws -> Int64
    {
        let update = """
            UPDATE series SET title_vi = :vi, title_en = :en, unit = :unit, kind = :kind
            WHERE device = :device AND measurement = :measurement RETURNING id
            """
        let insert = """
            INSERT INTO series(device, measurement, title_vi, title_en, unit, kind)
            VALUES (:device, :measurement, :vi, :en, :unit, :kind) RETURNING id
            """
        let values: StatementArguments = [
            "device": device, "measurement": measurement.name, "vi": measurement.title.vi,
            "en": measurement.title.en,
            "unit": measurement.unit, "kind": measurement.kind.rawValue,
        ]
        return try updateOrInsert(update, insert, values, db)
    }

    /// Series of devices or measurements that are no longer configured: their open windows still close.
    private static func retired(_ used: [[SeriesID]], _ db: Database) throws -> [SeriesID: SeriesShape] {
        let used = Set(used.joined())
        var retired: [SeriesID: SeriesShape] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, kind FROM series") {
            let id = SeriesID(row["id"])
            guard !used.contains(id), let kind = MeasurementKind(rawValue: row["kind"]) else { continue }
            retired[id] = SeriesShape(kind: kind)
        }
        return retired
    }
}
