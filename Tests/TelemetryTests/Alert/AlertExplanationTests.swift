import Testing

@testable import Telemetry

@Suite("Why a rule says what it says")
struct AlertExplanationTests {
    private let start: Milliseconds = 1_767_574_800_000

    private func engine(_ condition: AlertCondition, onDelay: Milliseconds = 0, offDelay: Milliseconds = 0)
        throws
        -> AlertEngine
    {
        let title = AlertGround.title
        let profile = try AlertGround.profile(["level", "flow"])
        let device = Device(
            key: "w-1", profileIndex: 0, domain: "garden", name: title, ward: "_", latitude: 0, longitude: 0,
            cadence: Span.minute)
        let rule = AlertRule(
            name: "High", domain: "garden", group: "g", title: title, condition: condition, onDelay: onDelay,
            offDelay: offDelay, priority: .low, lead: "x", action: title, summary: title)
        return AlertEngine(
            rules: [rule], registry: Registry(profiles: [profile], devices: [device]), listeningSince: start)
    }

    private func read(_ value: Double, _ series: UInt32 = 0, at minute: Int64, _ engine: inout AlertEngine) {
        engine.read(Reading(series: SeriesID(series), time: start + minute * Span.minute, value: value))
    }

    private let above5 = AlertCondition.threshold(
        measurement: "level", window: nil, limit: .above(5, clear: 4))

    @Test("every gate in the life of an alert, with what is left of its delay")
    func gates() throws {
        var engine = try engine(above5, onDelay: 3 * Span.minute, offDelay: 5 * Span.minute)
        func gate(at minute: Int64) -> AlertExplanation? {
            engine.explanation(rule: "High", scope: "w-1", at: start + minute * Span.minute)
        }
        #expect(gate(at: 0)?.gate == .noEvidence)
        read(3, at: 0, &engine)
        #expect(gate(at: 0)?.gate == .notCrossed)
        read(6, at: 1, &engine)
        let pending = try #require(gate(at: 2))
        #expect(
            pending.gate == .onDelay && pending.remainingMs == 2 * Span.minute && pending.state == .pending)
        engine.advance(to: start + 4 * Span.minute)
        // Between the limit and its clear value it goes on.
        read(4.5, at: 5, &engine)
        let firing = try #require(gate(at: 5))
        #expect(firing.gate == .firing && firing.sinceMs == start + Span.minute)
        #expect(firing.terms[0].value == 4.5 && firing.terms[0].holds == true)
        #expect(firing.terms[0].limit == .above(5, clear: 4) && firing.terms[0].unit == "m")
        read(1, at: 6, &engine)
        #expect(gate(at: 8)?.gate == .offDelay && gate(at: 8)?.remainingMs == 3 * Span.minute)
        read(1, at: 11, &engine)
        #expect(gate(at: 11)?.gate == .returned)
    }

    @Test("a condition of which a part is not known says so")
    func partlyUnknown() throws {
        let flow = AlertCondition.threshold(measurement: "flow", window: nil, limit: .above(1, clear: 1))
        var engine = try engine(.all([above5, flow]))
        read(6, at: 1, &engine)
        let found = try #require(engine.explanation(rule: "High", scope: "w-1", at: start + Span.minute))
        #expect(found.gate == .partlyUnknown && found.terms.map(\.holds) == [true, nil])
        #expect(found.terms[1].evidenceMs == nil && found.terms[1].readings == 0)
    }

    @Test("a rule on silence says how long the device may be quiet")
    func silence() throws {
        var engine = try engine(.quiet(cadences: 3))
        engine.heard(DeviceID(0), at: start)
        let found = try #require(engine.explanation(rule: "High", scope: "w-1", at: start + Span.minute))
        #expect(found.allowedMs == 3 * Span.minute && found.lastSeenMs == start && found.gate == .notCrossed)
        #expect(engine.explanation(rule: "Low", scope: "w-1", at: start) == nil)
    }
}
