import Console
import Store
import Synchronization
import TestSupport

@testable import Telemetry

/// Ten thousand devices in five domains and 45 wards, the engine that judges them, a store and a clock that is set.
final class StormyCity: Sendable {
    static let deviceCount = 10_000
    private static let domains = ["works", "water", "air", "light", "waste"]
    private static let rulesPerDomain = 4

    let store: Store
    let feed = AlertFeed()
    let clock = Atomic<Int64>(midnight)
    private let state: Mutex<State>

    private struct State {
        var engine: AlertEngine
        var writer: BatchWriter
        let directory: TemporaryDirectory
    }

    init() throws {
        let directory = try TemporaryDirectory()
        store = try Store(
            directory: directory.path, zone: ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
        )
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 100, quarantineBytes: 1 << 20)
        let registry = try store.register(
            profiles: try Self.domains.map(Self.profile), devices: (0..<Self.deviceCount).map(Self.device))
        let rules = Self.domains.flatMap { domain in
            (0..<Self.rulesPerDomain).map { Self.rule(domain, $0) }
        }
        let engine = AlertEngine(rules: rules, registry: registry, listeningSince: midnight)
        state = Mutex(State(engine: engine, writer: writer, directory: directory))
    }

    var now: Int64 { clock.load(ordering: .relaxed) }

    func sources() -> ConsoleSources {
        ConsoleSources(
            reader: store.reader, feed: feed, status: { .sample }, metrics: { [] }, isReady: { true },
            command: { _ in .failure(.busy) }, switchRegime: { _ in .failure(.busy) },
            handover: { _, _ in "" }, names: KnownNames(regimes: [], rules: []) { _ in nil })
    }

    /// Sets the clock, lets these devices say `value`, and commits what the engine makes of it.
    func say(_ value: Double, _ devices: Range<Int>, at time: Milliseconds) throws {
        clock.store(time, ordering: .relaxed)
        try state.withLock { state in
            for device in devices {
                let series = state.engine.registry.seriesIDs[device][0]
                state.engine.heard(state.engine.registry.deviceIDs[device], at: time)
                state.engine.read(Reading(series: series, time: time, value: value))
            }
            state.engine.advance(to: time)
            var batch = Batch()
            batch.at = time
            batch.alertEvents = state.engine.takeEvents()
            batch.alertInstances = state.engine.takeChanges()
            try state.writer.write(batch)
        }
        feed.notify()
    }

    /// All of them trip within one second, in ten commits.
    func storm(at time: Milliseconds) throws {
        let part = Self.deviceCount / 10
        for step in 0..<10 {
            try say(9, step * part..<(step + 1) * part, at: time + Int64(step) * 100)
        }
    }

    private static func profile(_ domain: String) throws -> DeviceProfile {
        DeviceProfile(
            domain: domain, name: domain + "-gauge", title: Title(vi: "Mức", en: "Level"),
            topics: [try TopicTemplate(domain + "/{device}")], cadence: Span.minute,
            measurements: [
                Measurement(name: "level", title: Title(vi: "Mức", en: "Level"), unit: "m", kind: .gauge)
            ], wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
    }

    private static func device(_ number: Int) -> Device {
        let domain = number % domains.count
        return Device(
            key: "\(domains[domain])-\(number)", profileIndex: domain, domain: domains[domain],
            name: Title(vi: "Trạm đo số \(number)", en: "Station \(number)"), ward: "ward-\(number % 45)",
            latitude: 16.4, longitude: 107.5, cadence: Span.minute)
    }

    /// Each is of every fourth device of its domain; one is critical.
    private static func rule(_ domain: String, _ number: Int) -> AlertRule {
        let place = domains.firstIndex(of: domain)!
        let devices = stride(from: place, to: deviceCount, by: domains.count).filter {
            $0 / domains.count % rulesPerDomain == number
        }
        return AlertRule(
            name: "LevelOf\(domain)\(number)", domain: domain, group: domain,
            title: Title(vi: "Mực nước vượt ngưỡng", en: "Level above its limit"),
            condition: .threshold(measurement: "level", window: nil, limit: .above(5, clear: 4)),
            priority: domain == "works" && number == 0 ? .critical : .medium, lead: "x",
            action: Title(vi: "Cử người đến", en: "Send somebody"),
            summary: Title(
                vi:
                    "{device.name}: mực nước {value} m vượt ngưỡng {limit} m tại {ward}, cần cử người đến ngay",
                en: "{device.name_en}: level {value} m is above {limit} m in {ward}, send somebody at once"),
            devices: devices.map { device($0).key })
    }
}
