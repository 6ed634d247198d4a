import GRDB
package import Telemetry

extension Store {
    /// Gives every device and series its id for good, and keeps what people see of them up to date.
    package func register(profiles: [DeviceProfile], devices: [Device]) throws -> Registry {
        try pool.write { db in
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
            return Registry(profiles: profiles, devices: devices, deviceIDs: deviceIDs, seriesIDs: seriesIDs)
        }
    }

    private static func register(_ device: Device, _ profile: DeviceProfile, _ db: Database) throws -> Int64 {
        let sql = """
            INSERT INTO device(key, domain, profile, system, name_vi, name_en, ward, lat, lon, cadence_ms)
            VALUES (?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT(key) DO UPDATE SET domain = excluded.domain, profile = excluded.profile,
                system = excluded.system, name_vi = excluded.name_vi, name_en = excluded.name_en, ward = excluded.ward,
                lat = excluded.lat, lon = excluded.lon, cadence_ms = excluded.cadence_ms, in_use = 1
            RETURNING id
            """
        return try Int64.fetchOne(
            db.cachedStatement(sql: sql),
            arguments: [
                device.key, device.domain, profile.name, profile.system, device.name.vi, device.name.en,
                device.ward,
                device.latitude, device.longitude, device.cadence,
            ])!
    }

    private static func register(_ measurement: Measurement, of device: Int64, _ db: Database) throws -> Int64
    {
        let sql = """
            INSERT INTO series(device, measurement, title_vi, title_en, unit, kind) VALUES (?,?,?,?,?,?)
            ON CONFLICT(device, measurement) DO UPDATE SET title_vi = excluded.title_vi, title_en = excluded.title_en,
                unit = excluded.unit, kind = excluded.kind
            RETURNING id
            """
        return try Int64.fetchOne(
            db.cachedStatement(sql: sql),
            arguments: [
                device, measurement.name, measurement.title.vi, measurement.title.en, measurement.unit,
                measurement.kind.rawValue,
            ])!
    }
}
