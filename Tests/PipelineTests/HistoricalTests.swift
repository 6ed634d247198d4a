import Telemetry
import Testing

@testable import Pipeline

@Suite("Values of the past, and devices that say goodbye")
struct HistoricalTests {
    private static let now: Milliseconds = 1_767_574_923_000
    private let registry: Registry
    private static let nothing = Title(vi: "", en: "")

    init() throws {
        let level = Measurement(name: "level", title: Self.nothing, unit: "m", kind: .gauge)
        let profile = DeviceProfile(
            domain: "test", name: "plc", title: Self.nothing, topics: [try TopicTemplate("t/{device}")],
            cadence: Span.hour, measurements: [level], wire: Wire(form: .json),
            format: .json(Kept(RecordPlan())))
        registry = Registry(
            profiles: [profile],
            devices: [
                Device(
                    key: "a", profileIndex: 0, domain: "test", name: Self.nothing, ward: "_", latitude: 0,
                    longitude: 0, cadence: Span.hour)
            ])
    }

    private func composer(_ condition: AlertCondition) -> BatchComposer {
        let rule = AlertRule(
            name: "R", domain: "test", group: "g", title: Self.nothing, condition: condition, priority: .low,
            lead: "x", action: Self.nothing, summary: Self.nothing)
        return BatchComposer(
            registry: registry, aggregator: Aggregator(shapes: registry.shapes, zone: .utc),
            engine: AlertEngine(rules: [rule], registry: registry, listeningSince: Self.now), grace: 2_000)
    }

    private func take(
        _ value: Double, isHistorical: Bool = false, at time: Milliseconds = now,
        _ composer: inout BatchComposer
    ) {
        var reading = Reading(series: SeriesID(0), time: time, value: value)
        reading.isHistorical = isHistorical
        let record = MessageRecord(
            readingStart: 0, readingEnd: 1, fingerprintHigh: 0, fingerprintLow: UInt64(time), arrival: time,
            newestTime: time, sequence: -1, device: 0, packet: 0, outcome: .decoded, source: .mqttAtMostOnce,
            hasTime: true, isRetained: false)
        withUnsafePointer(to: reading) {
            composer.take(record, UnsafeBufferPointer(start: $0, count: 1))
        }
    }

    @Test("a historical value is stored and raises nothing, the same value live does")
    func historical() {
        var composer = composer(
            .threshold(measurement: "level", window: nil, limit: .above(50, clear: 50)))
        take(60, isHistorical: true, at: Self.now - 5_000, &composer)
        let past = composer.finish(at: Self.now)
        #expect(past.readings.count == 1 && past.alertEvents.isEmpty)
        take(60, at: Self.now, &composer)
        let live = composer.finish(at: Self.now)
        #expect(live.alertEvents.map(\.to) == [.unacknowledged])
    }

    @Test("a device that is said to be gone is quiet at once, until it is heard")
    func departed() {
        var composer = composer(.quiet(cadences: 3))
        take(1, &composer)
        let heard = composer.finish(at: Self.now)
        #expect(heard.alertEvents.isEmpty)
        composer.take([Departure(device: DeviceID(0), at: Self.now + 1_000)])
        let gone = composer.finish(at: Self.now + 2_000)
        #expect(gone.alertEvents.map(\.to) == [.unacknowledged])
        #expect(gone.checkpoint?.devices.first?.1.departed == Self.now + 1_000)
        take(2, at: Self.now + 3_000, &composer)
        let back = composer.finish(at: Self.now + 4_000)
        #expect(back.alertEvents.map(\.to) == [.returned])
    }

    @Test("who was never heard is not gone")
    func neverHeard() {
        var composer = composer(.quiet(cadences: 3))
        composer.take([Departure(device: DeviceID(0), at: Self.now)])
        let batch = composer.finish(at: Self.now)
        #expect(batch.checkpoint?.devices.isEmpty ?? true)
        #expect(batch.alertEvents.isEmpty)
    }

    @Test("that a device is gone is stored with the message that says so, however new the last checkpoint")
    func departedIsKept() {
        var composer = composer(.quiet(cadences: 3))
        take(1, &composer)
        #expect(composer.finish(at: Self.now).checkpoint != nil)
        take(2, at: Self.now + 10, &composer)
        #expect(composer.finish(at: Self.now + 20).checkpoint == nil)
        composer.take([Departure(device: DeviceID(0), at: Self.now + 30)])
        let gone = composer.finish(at: Self.now + 40)
        #expect(gone.checkpoint?.devices.first?.1.departed == Self.now + 30)
    }

    @Test("who was heard since is not gone, and a restart knows who was")
    func order() {
        var composer = composer(.quiet(cadences: 3))
        take(1, &composer)
        composer.take([Departure(device: DeviceID(0), at: Self.now - 1)])
        let before = composer.isSilent(at: Self.now)
        #expect(!before)
        composer.take([Departure(device: DeviceID(0), at: Self.now + 1)])
        let batch = composer.finish(at: Self.now + 2_000)
        var restarted = self.composer(.quiet(cadences: 3))
        if let checkpoint = batch.checkpoint { restarted.restore(checkpoint) }
        let after = restarted.isSilent(at: Self.now + 3_000)
        #expect(after)
    }
}

extension BatchComposer {
    /// Whether its one rule fires.
    fileprivate mutating func isSilent(at now: Milliseconds) -> Bool { !finish(at: now).alertEvents.isEmpty }
}
