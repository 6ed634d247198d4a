import Telemetry
import Testing

@testable import Pipeline

/// A composer over a store in memory, restarted by hand.
private final class Restarting {
    static let start: Milliseconds = 1_767_574_920_000
    let store = SimulatedStore(zone: .utc, acknowledgementLimit: 1_000)
    let rules: [AlertRule]
    var registry: Registry
    var now = start
    private(set) var composer: BatchComposer

    init(rules: [AlertRule] = []) throws {
        self.rules = rules
        registry = try Plant.registry()
        composer = try Self.recovered(store, registry, rules, now)
    }

    private static func recovered(
        _ store: SimulatedStore, _ registry: Registry, _ rules: [AlertRule], _ now: Milliseconds
    ) throws -> BatchComposer {
        try Recovery(history: store, registry: registry, rules: rules, grace: 0).run(now: now).composer
    }

    func restart() throws { composer = try Self.recovered(store, registry, rules, now) }

    /// A message of device 0 with readings of its series.
    func take(
        _ readings: [Reading], sequence: Int64 = -1, hasTime: Bool = true, bytes: UInt64 = 1,
        device: UInt32 = 0
    ) {
        let record = MessageRecord(
            readingStart: 0, readingEnd: UInt64(readings.count), fingerprintHigh: 0,
            fingerprintLow: bytes << 1, arrival: now, newestTime: readings.map(\.time).max() ?? now,
            sequence: sequence, device: device, packet: 1, outcome: .decoded, source: .mqttAtLeastOnce,
            hasTime: hasTime, isRetained: false)
        readings.withUnsafeBufferPointer { composer.take(record, $0) }
    }

    @discardableResult
    func commit() throws -> Batch {
        let batch = composer.finish(at: now)
        try store.write(batch)
        return batch
    }

    func reading(_ value: Double, at time: Milliseconds, quality: Quality = .good, series: UInt32 = 0)
        -> Reading
    {
        Reading(series: SeriesID(series), time: time, value: value, quality: quality)
    }

    static func rule(window: AlertWindow? = nil) -> AlertRule {
        AlertRule(
            name: "High", domain: "test", group: "g", title: Title(vi: "", en: ""),
            condition: .threshold(measurement: "level", window: window, limit: .above(50, clear: 50)),
            priority: .low, lead: "x", action: Title(vi: "", en: ""),
            summary: Title(vi: "{value}", en: "{value}"))
    }
}

/// What a restart must not change, each found by the simulation first.
@Suite("Restart")
struct RestartTests {
    private let start = Restarting.start

    @Test("tells of the newest value in the transition after it, not of the value that raised the alert")
    func newestValue() throws {
        let plant = try Restarting(rules: [Restarting.rule()])
        plant.take([plant.reading(60, at: start)], bytes: 1)
        try plant.commit()
        plant.take([plant.reading(70, at: start + 1_000)], bytes: 2)
        try plant.commit()
        try plant.restart()
        let identity = try #require(plant.store.events.first).identity
        let command = AlertCommand(
            identity: identity, action: .acknowledge, operatorName: "x", comment: nil)
        var composer = plant.composer
        let event = composer.take(command, at: plant.now)
        #expect(event?.summary.vi == "70")
    }

    @Test("makes no old reading evidence that a bad one had overtaken")
    func overtakenByBad() throws {
        for restarts in [false, true] {
            let plant = try Restarting(rules: [Restarting.rule()])
            plant.take([plant.reading(400, at: start + 5_000, quality: .bad)], bytes: 1)
            try plant.commit()
            if restarts { try plant.restart() }
            plant.take([plant.reading(60, at: start + 4_000)], bytes: 2)
            try plant.commit()
            #expect(plant.store.events.isEmpty, "restarted: \(restarts)")
        }
    }

    @Test(
        "raises nothing by a late window that is older than the newest its rule had seen, however long ago that was"
    )
    func lateWindow() throws {
        let window = AlertWindow(length: 2 * Span.minute, statistic: .max)
        for restarts in [false, true] {
            let plant = try Restarting(rules: [Restarting.rule(window: window)])
            plant.take([plant.reading(10, at: start)], bytes: 1)
            plant.now += Span.hour
            try plant.commit()
            if restarts { try plant.restart() }
            plant.take([plant.reading(60, at: start - 30 * Span.minute)], bytes: 2)
            try plant.commit()
            #expect(plant.store.events.isEmpty, "restarted: \(restarts)")
        }
    }

    @Test("adds a late reading to all of the window it repairs before the rule judges it")
    func repairedWindow() throws {
        let window = AlertWindow(length: Span.minute, statistic: .mean)
        for restarts in [false, true] {
            let plant = try Restarting(rules: [Restarting.rule(window: window)])
            plant.take((0..<9).map { plant.reading(10, at: start + Int64($0)) }, bytes: 1)
            plant.now += Span.hour
            try plant.commit()
            if restarts { try plant.restart() }
            plant.take([plant.reading(60, at: start + 100)], bytes: 2)
            try plant.commit()
            #expect(plant.store.events.isEmpty, "restarted: \(restarts)")
        }
    }

    @Test("remembers a message that brought nothing new, so that it is a repeat also the next time")
    func nothingNew() throws {
        let plant = try Restarting()
        plant.take([plant.reading(1, at: start)], bytes: 1)
        try plant.commit()
        plant.take([plant.reading(1, at: start)], bytes: 2)
        let batch = try plant.commit()
        #expect(batch.losses.values.first?.duplicate == 1)
        for number in 1...20 as ClosedRange<Int64> {
            plant.take([plant.reading(1, at: start + number)], bytes: 2 + UInt64(number))
        }
        try plant.commit()
        try plant.restart()
        plant.take([plant.reading(1, at: start)], bytes: 2)
        try plant.commit()
        #expect(plant.store.readings.count == 21)
    }

    @Test("takes a repeat for no sign of life")
    func repeats() {
        var state = DeviceState()
        for arrival in [1_000, 2_000] as [Milliseconds] {
            _ = state.admit(
                AcceptedMessage(
                    device: DeviceID(0), sequence: 7, fingerprint: 0, arrival: arrival, newestTime: 900))
        }
        #expect(state.lastSeen == 1_000)
    }

    @Test("recognises by its bytes what a device sends again that numbers its messages and knows no time")
    func numberWithoutTime() throws {
        let plant = try Restarting()
        for (number, bytes) in [(5, 1), (6, 2), (5, 1), (0, 3), (5, 4)] as [(Int64, UInt64)] {
            plant.now += 1_000
            plant.take(
                [plant.reading(Double(number), at: plant.now)], sequence: number, hasTime: false,
                bytes: bytes)
            try plant.commit()
            try plant.restart()
        }
        // The last began again at 0: an old number with other bytes is a new message.
        #expect(plant.store.readings.map(\.value) == [5, 6, 0, 5])
    }

    @Test("keeps the message numbers of a device that is not configured for a while")
    func retired() throws {
        let plant = try Restarting()
        let whole = plant.registry
        let last = whole.devices.count - 1
        plant.take([plant.reading(1, at: start, series: 1)], sequence: 1, device: UInt32(last))
        plant.now += 10_000
        try plant.commit()
        plant.take([plant.reading(2, at: start + 1, series: 1)], sequence: 2, device: UInt32(last))
        plant.now += 1
        try plant.commit()
        plant.registry = Registry(
            profiles: whole.profiles, devices: Array(whole.devices.dropLast()),
            deviceIDs: Array(whole.deviceIDs.dropLast()), seriesIDs: Array(whole.seriesIDs.dropLast()),
            retired: [SeriesID(1): SeriesShape(kind: .gauge)])
        try plant.restart()
        plant.take([plant.reading(1, at: start)], sequence: 1)
        plant.now += 10_000
        try plant.commit()
        plant.registry = whole
        try plant.restart()
        plant.take([plant.reading(2, at: start + 1, series: 1)], sequence: 2, device: UInt32(last))
        try plant.commit()
        #expect(plant.store.readings.map(\.value) == [1, 2, 1])
    }

    @Test("keeps what a counter knows also while all its readings are bad")
    func badCounter() {
        var state = NewestReading()
        _ = state.note(Reading(series: SeriesID(0), time: 10, value: 4e9, quality: .bad), kind: .counter)
        #expect(state.reading?.quality == .bad)
        #expect(state.evidenceTime(.counter) == nil)
        let first = state.note(Reading(series: SeriesID(0), time: 9, value: 100), kind: .counter)
        #expect(first.weight == 0)
        #expect(state.reading?.value == 100)
        _ = state.note(Reading(series: SeriesID(0), time: 11, value: 4e9, quality: .bad), kind: .counter)
        let second = state.note(Reading(series: SeriesID(0), time: 12, value: 103), kind: .counter)
        #expect(second.weight == 3)
    }
}
