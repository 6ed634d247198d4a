package import Telemetry

/// The service as one of its own devices: what it must tell operators goes the way of every other reading, and alerts as
/// every other alert.
package enum SelfMonitoring {
    /// Its domain, profile and device, which `devices/` can give to nothing else.
    package static let name = "ioc"
    package static let cadence = Span.minute
    package static let databasesSetAside = "databasesSetAside"

    /// Where a mistake in `devices/` or `config/` finds its names taken.
    static let place = "the service itself"

    static let rules = [
        AlertRule(
            name: "DatabaseSetAside", domain: name, group: "storage",
            title: Title(vi: "Cơ sở dữ liệu hỏng, đã để riêng", en: "Damaged database set aside"),
            condition: .threshold(measurement: databasesSetAside, window: nil, limit: .above(0, clear: 0)),
            priority: .critical, lead: "ioc-technical",
            action: Title(
                vi:
                    "Kiểm tra đĩa; khôi phục hoặc chuyển các tệp ioc.sqlite.corrupt-* ra khỏi thư mục dữ liệu",
                en:
                    "Check the disk; recover the files ioc.sqlite.corrupt-*, or move them out of the data directory"
            ),
            summary: Title(
                vi: "Số cơ sở dữ liệu hỏng để riêng: {value}; số liệu trước đó chỉ còn trong các tệp này",
                en: "Damaged databases set aside: {value}; what was stored before is in those files only"),
            place: place)
    ]

    static let profile = {
        let setAside = Measurement(
            name: databasesSetAside,
            title: Title(vi: "Cơ sở dữ liệu hỏng để riêng", en: "Damaged databases set aside"), unit: "1",
            kind: .gauge)
        // It never speaks over MQTT: no topic leads here.
        return DeviceProfile(
            domain: name, name: name, title: Title(vi: "Dịch vụ đo lường IOC", en: "IOC telemetry service"),
            topics: [], cadence: cadence, measurements: [setAside], wire: Wire(form: .scalar),
            format: .scalar(Kept(RecordPlan())))
    }()
}

extension Catalog {
    /// With the service itself as the last device, in the middle of the others.
    package func selfMonitored() -> Catalog {
        var catalog = self
        let count = Double(max(devices.count, 1))
        catalog.profiles.append(SelfMonitoring.profile)
        catalog.devices.append(
            Device(
                key: SelfMonitoring.name, profileIndex: profiles.count, domain: SelfMonitoring.name,
                name: SelfMonitoring.profile.title, ward: "_",
                latitude: devices.reduce(0) { $0 + $1.latitude } / count,
                longitude: devices.reduce(0) { $0 + $1.longitude } / count, cadence: SelfMonitoring.cadence))
        catalog.rules += SelfMonitoring.rules
        return catalog
    }
}
