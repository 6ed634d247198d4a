import Testing

@testable import Telemetry

@Suite("Rule tests")
struct RuleTestRunnerTests {
    private let start: Milliseconds = 1_767_574_800_000

    @Test("a series is numbers, repeats and gaps")
    func series() {
        #expect(RuleTest.Series.parse("20x3 _ -7.5 _x2") == [20, 20, 20, nil, -7.5, nil, nil])
        #expect(RuleTest.Series.parse("") == [])
        for text in ["x", "20x", "20x0", "20x-1", "x5", "20x5x2", "nan", "1e999", "0x10x2", "1x100001"] {
            #expect(RuleTest.Series.parse(text) == nil, "\(text)")
        }
    }

    private func profile(_ kind: MeasurementKind, valid: ClosedRange<Double>? = nil) throws -> DeviceProfile {
        var wire = Wire(form: .json)
        var field = Wire.Field()
        (field.field, field.numerator, field.denominator) = ("/v", "/n", "/d")
        wire.fields = [field]
        let measurement = Measurement(
            name: "level", title: Title(vi: "a", en: "b"), unit: "m", kind: kind, valid: valid)
        return DeviceProfile(
            domain: "garden", name: "well", title: Title(vi: "a", en: "b"),
            topics: [try TopicTemplate("g/{device}")],
            cadence: Span.minute, measurements: [measurement], wire: wire,
            format: try wire.compile(for: [measurement]))
    }

    /// The states of one rule on one device at minutes after the start.
    private func failures(
        _ profile: DeviceProfile, _ condition: AlertCondition, _ values: String, onDelay: Milliseconds = 0,
        expect: [(minute: Int64, state: AlertState)]
    ) throws -> [String] {
        let device = Device(
            key: "w-1", profileIndex: 0, domain: "garden", name: Title(vi: "a", en: "b"), ward: "_",
            latitude: 0,
            longitude: 0, cadence: Span.minute)
        let rule = AlertRule(
            name: "High", domain: "garden", group: "g", title: Title(vi: "a", en: "b"), condition: condition,
            onDelay: onDelay, priority: .low, lead: "x", action: Title(vi: "a", en: "b"),
            summary: Title(vi: "{value}", en: "{value}"))
        let test = RuleTest(
            name: "t", rule: "High", start: start,
            series: [
                RuleTest.Series(measurement: "level", values: try #require(RuleTest.Series.parse(values)))
            ],
            expectations: expect.map { .init(at: $0.minute * Span.minute, state: $0.state, place: "") })
        return RuleTestRunner(profiles: [profile], devices: [device], rules: [rule], zone: .utc).run(test)
            .map(\.message)
    }

    private func mean(_ minutes: Int64, above limit: Double, _ statistic: Statistic = .mean) -> AlertCondition
    {
        let window = AlertWindow(length: minutes * Span.minute, statistic: statistic)
        return .threshold(measurement: "level", window: window, limit: .above(limit, clear: limit))
    }

    private let above5 = AlertCondition.threshold(
        measurement: "level", window: nil, limit: .above(5, clear: 5))

    @Test("a reading is judged at its own moment")
    func reading() throws {
        #expect(
            try failures(
                profile(.gauge), above5, "1 9 1",
                expect: [(0, .normal), (1, .unacknowledged), (2, .returned)]) == [])
    }

    @Test("a window is judged two minutes after its reading, and not before")
    func window() throws {
        let expect: [(Int64, AlertState)] = [(2, .normal), (3, .normal), (4, .unacknowledged)]
        #expect(try failures(profile(.gauge), mean(1, above: 5), "1 1 9 9 9", expect: expect) == [])
    }

    @Test("an on-delay ends by the clock while the last evidence stands")
    func onDelay() throws {
        let expect: [(Int64, AlertState)] = [(2, .pending), (4, .unacknowledged)]
        #expect(try failures(profile(.gauge), above5, "1 9", onDelay: 3 * Span.minute, expect: expect) == [])
    }

    @Test("values outside the hard limits are heard, and judged by no rule")
    func bad() throws {
        #expect(try failures(profile(.gauge, valid: 0...10), above5, "1 99 1", expect: [(1, .normal)]) == [])
        let silence = AlertCondition.quiet(cadences: 2)
        #expect(
            try failures(
                profile(.gauge, valid: 0...10), silence, "1 99x5",
                expect: [(5, .normal), (9, .unacknowledged)]) == [])
    }

    @Test("a counter is judged by its increase, also over a reset")
    func counter() throws {
        let expect: [(Int64, AlertState)] = [(5, .normal), (6, .unacknowledged), (7, .returned)]
        let increase = mean(1, above: 5, .sum)
        #expect(
            try failures(profile(.counter), increase, "1000 1001 1003 4 10 12 13 14", expect: expect) == [])
    }

    @Test("a ratio is given as it is")
    func ratio() throws {
        let half = AlertCondition.threshold(measurement: "level", window: nil, limit: .below(0.5, clear: 0.5))
        #expect(
            try failures(profile(.ratio), half, "0.6 0.4", expect: [(0, .normal), (1, .unacknowledged)]) == []
        )
    }

    @Test("what comes otherwise is said with its time")
    func failure() throws {
        let messages = try failures(profile(.gauge), above5, "9", expect: [(0, .normal), (1, .acknowledged)])
        #expect(
            messages == [
                "at 0ms: expected `normal`, got `unacknowledged` on w-1",
                "at 1m: expected `acknowledged`, got `unacknowledged` on w-1",
            ])
    }
}
