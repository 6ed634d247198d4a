import Store
import TestSupport

@testable import Telemetry
@testable import ioc

/// A store as commands find it: three devices, a day of rollups, readings, alerts with a history, refusals and losses.
final class CommandsFilledStore {
    /// 2026-01-05 08:02:03 in the city, a Monday.
    static let now: Milliseconds = 1_767_574_923_000
    static let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
    /// 2026-01-05 00:00 in the city.
    static let midnight: Milliseconds = 1_767_546_000_000

    let directory: TemporaryDirectory
    let reader: StoreReader

    init() throws {
        directory = try TemporaryDirectory()
        try Self.fill(directory.path)
        reader = try StoreReader(directory: directory.path)
    }

    func rendering(_ language: Language = .en, width: Int? = nil) -> Rendering {
        Rendering(
            language: language, width: width, paint: Paint(isOn: false), clock: LocalTime(zone: reader.zone),
            now: Self.now)
    }

    static func fill(_ directory: String) throws {
        let store = try Store(directory: directory, zone: zone)
        let registry = try register(store)
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 100, quarantineBytes: 1 << 20)
        var batch = Batch()
        batch.at = now
        let speed = registry.seriesIDs[0][0]
        let hours = (0..<8).map { hour in
            var sum = Accumulator()
            let start = midnight + Int64(hour) * Span.hour
            for step in 0..<4 {
                let value = 20 + Double(hour) + Double(step) / 4
                sum.add(
                    Reading(series: speed, time: start + Int64(step) * 15 * Span.minute, value: value),
                    kind: .gauge)
            }
            return Rollup(series: speed, tier: .hour, start: start, accumulator: sum)
        }
        batch.rollups = Rollups(hours)
        batch.readings = (0..<3).map { index in
            Reading(
                series: speed, time: now - Int64(3 - index) * Span.minute, value: 23.5 + Double(index),
                quality: index == 1 ? .bad : .good)
        }
        batch.rejects = rejects
        batch.gaps = [Gap(kind: .brokerDropped, from: now - Span.hour, to: now - 59 * Span.minute, count: 12)]
        batch.losses[LossKey(source: "mqtt-qos1", domain: "works")] = losses
        batch.alertEvents = alertEvents
        batch.checkpoint = checkpoint(registry)
        try writer.write(batch)
        try store.close()
    }

    private static func register(_ store: Store) throws -> Registry {
        let profile = DeviceProfile(
            domain: "works", name: "junction-radar", title: Title(vi: "Ra-đa", en: "Radar"),
            topics: [try TopicTemplate("t/{device}")], cadence: Span.minute,
            measurements: [
                Measurement(
                    name: "averageVehicleSpeed", title: Title(vi: "Tốc độ trung bình", en: "Mean speed"),
                    unit: "km/h",
                    kind: .gauge),
                Measurement(
                    name: "intensity", title: Title(vi: "Lưu lượng", en: "Vehicles"), unit: "{vehicles}",
                    kind: .delta),
            ], wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
        let devices = (1...3).map { number in
            Device(
                key: "jr-00\(number)", profileIndex: 0, domain: "works",
                name: Title(vi: "Nút giao số \(number)", en: "Junction \(number)"),
                ward: number == 3 ? "an-cuu" : "phu-hoi",
                latitude: 16.4, longitude: 107.5, cadence: Span.minute)
        }
        return try store.register(profiles: [profile], devices: devices)
    }

    private static var losses: LossCounters {
        var counters = LossCounters()
        counters.received = 104
        counters.stored = 100
        counters.rejected = 2
        counters.duplicate = 1
        counters.dropped = 1
        counters.readings = 200
        counters.late = 3
        return counters
    }

    private static let rejects = [
        RejectedMessage(
            topic: "ioc/v1/works/phu-hoi/jr-001/tele", reason: .notANumber, offset: 18,
            payload: Array(#"{"ts":1,"speed": "fast"}"#.utf8), at: now - Span.minute),
        RejectedMessage(
            topic: "ioc/v1/works/\u{1B}[2J", reason: .notJSON, offset: 1, payload: [0x7B, 0x01, 0x9C, 0x0A],
            at: now - 2 * Span.minute),
    ]

    private static let alertEvents = [
        event("SpeedLow", "jr-001", .medium, .normal, .unacknowledged, minutesAgo: 30, value: 7),
        event(
            "SpeedLow", "jr-001", .medium, .unacknowledged, .acknowledged, minutesAgo: 20, operatorName: "Lan"
        ),
        event("Quiet", "jr-002", .critical, .normal, .unacknowledged, minutesAgo: 10),
        event("SpeedLow", "jr-003", .high, .normal, .unacknowledged, minutesAgo: 50, value: 5),
        event("SpeedLow", "jr-003", .high, .unacknowledged, .returned, minutesAgo: 40, value: 14),
        event("Quiet", "jr-003", .low, .normal, .unacknowledged, minutesAgo: 200),
        event("Quiet", "jr-003", .low, .unacknowledged, .acknowledged, minutesAgo: 190, operatorName: "Minh"),
        event("Quiet", "jr-003", .low, .acknowledged, .normal, minutesAgo: 180),
    ]

    private static func event(
        _ rule: String, _ device: String, _ priority: AlertPriority, _ from: AlertState, _ to: AlertState,
        minutesAgo: Int64, value: Double? = nil, operatorName: String? = nil
    ) -> AlertEvent {
        AlertEvent(
            identity: AlertIdentity(rule: rule, scope: device, onset: midnight), domain: "works",
            ward: device == "jr-003" ? "an-cuu" : "phu-hoi", priority: priority, from: from, to: to,
            at: now - minutesAgo * Span.minute,
            cause: operatorName != nil ? .acknowledge : to == .unacknowledged ? .condition : .conditionGone,
            value: value,
            limit: value.map { _ in 8 },
            summary: Title(vi: "Nút giao \(device): chậm", en: "Junction \(device): slow"),
            operatorName: operatorName,
            comment: operatorName.map { "\($0) đã rõ" })
    }

    /// The first device is heard now, by the clock of the machine that SQL asks; the second long ago, the third never.
    private static func checkpoint(_ registry: Registry) -> Checkpoint {
        var checkpoint = Checkpoint()
        var heard = DeviceState()
        heard.lastSeen = SystemClock.now()
        heard.lastTime = now
        checkpoint.devices.append((registry.deviceIDs[0], heard))
        heard.lastSeen = now - Span.hour
        checkpoint.devices.append((registry.deviceIDs[1], heard))
        var state = SeriesState()
        state.newest = Reading(series: registry.seriesIDs[0][0], time: now - Span.minute, value: 25.5)
        checkpoint.series.append(registry.seriesIDs[0][0], state)
        return checkpoint
    }
}
