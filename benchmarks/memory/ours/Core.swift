import Pipeline
import Telemetry

/// The core of the service as the drain has it: registry, windows, state of devices and series; no rules.
struct Core {
    static let start: Milliseconds = 1_767_571_200_000
    static let measurements = 4
    private static let grace: Milliseconds = 2_000

    let devices: Int
    private(set) var composer: BatchComposer
    private var readings: [Reading]

    init(series: Int) {
        devices = series / Self.measurements
        let registry = Registry(profiles: [Self.profile], devices: Self.fleet(devices))
        composer = BatchComposer(
            registry: registry,
            aggregator: Aggregator(shapes: registry.shapes, zone: .utc, closedThrough: Self.start),
            engine: AlertEngine(rules: [], registry: registry, listeningSince: Self.start), grace: Self.grace)
        readings = (0..<Self.measurements).map { Reading(series: SeriesID(UInt32($0)), time: 0, value: 0) }
    }

    private static var profile: DeviceProfile {
        let measurements = (0..<measurements).map {
            Measurement(name: "m\($0)", title: Title(vi: "m", en: "m"), unit: "1", kind: .gauge)
        }
        return DeviceProfile(
            domain: "test", name: "station", title: Title(vi: "Trạm", en: "Station"), topics: [],
            cadence: Span.minute, measurements: measurements, wire: Wire(form: .json),
            format: try! Wire(form: .json).compile(for: []))
    }

    private static func fleet(_ count: Int) -> [Device] {
        (0..<count).map {
            Device(
                key: "station-\($0)", profileIndex: 0, domain: "test",
                name: Title(vi: "Trạm \($0)", en: "Station \($0)"), ward: "ward-\($0 / 200)", latitude: 16.46,
                longitude: 107.59, cadence: Span.minute)
        }
    }

    /// Every device sends its four values once, in an order that follows no other.
    mutating func sweep(at time: Milliseconds) {
        // A step that shares no factor with a power of ten reaches every device.
        let step = devices * 618 / 1_000 / 10 * 10 + 7
        var device = 0
        for _ in 0..<devices {
            send(device, time)
            device = (device + step) % devices
        }
    }

    private mutating func send(_ device: Int, _ time: Milliseconds) {
        for index in 0..<Self.measurements {
            readings[index] = Reading(
                series: SeriesID(UInt32(device * Self.measurements + index)), time: time,
                value: Double(200 + device % 97 + index) / 10)
        }
        composer.take(own: readings)
    }

    /// What a commit would store. It stays here.
    mutating func finish(at time: Milliseconds) -> Batch { composer.finish(at: time) }
}
