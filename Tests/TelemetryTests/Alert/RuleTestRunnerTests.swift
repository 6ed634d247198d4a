import Testing

@testable import Telemetry

@Suite("Rule tests")
struct RuleTestRunnerTests {
    private let start: Milliseconds = 1_767_574_800_000

    @Test("a series is numbers, repeats and gaps")
    func series() {
        #expect(RuleTest.Series.parse("20x3 _ -7.5 _x2") == [20, 20, 20, nil, -7.5, nil, nil])
        #expect(RuleTest.Series.parse("") == [])
        for text in [
            "x", "20x", "20x0", "20x-1", "x5", "20x5x2", "nan", "1e999", "0x10x2", "1x100001",
            "1 1x100000", "1 1x9223372036854775807",
        ] {
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

    private func run(_ test: RuleTest, _ conduct: AlertConduct = AlertConduct()) throws -> [String] {
        let devices = ["w-1", "g-1"].map { key in
            Device(
                key: key, profileIndex: 0, domain: "garden", name: Title(vi: "a", en: "b"), ward: "_",
                latitude: 0, longitude: 0, cadence: Span.minute, gateway: key == "w-1" ? "g-1" : nil)
        }
        var rule = AlertRule(
            name: "High", domain: "garden", group: "g", title: Title(vi: "a", en: "b"), condition: above5,
            priority: .low, lead: "x", action: Title(vi: "a", en: "b"),
            summary: Title(vi: "{value}", en: "{value}"))
        rule.conduct = conduct
        return RuleTestRunner(profiles: [try profile(.gauge)], devices: devices, rules: [rule], zone: .utc)
            .run(test).map(\.message)
    }

    private func test(
        _ values: String, gateway: String? = nil, acts: [(minute: Int64, RuleTest.Act.Kind)] = [],
        expect: [(minute: Int64, state: AlertState)]
    ) throws -> RuleTest {
        RuleTest(
            name: "t", rule: "High", start: start,
            series: [.init(measurement: "level", values: try #require(RuleTest.Series.parse(values)))],
            gateway: gateway.flatMap(RuleTest.Series.parse)?.map { $0 != nil },
            acts: acts.map { .init(at: $0.minute * Span.minute, $0.1) },
            expectations: expect.map { .init(at: $0.minute * Span.minute, state: $0.state, place: "") })
    }

    @Test("an operator resets, shelves, and takes out of service")
    func acts() throws {
        let latching = AlertConduct(latches: true)
        let reset = try test(
            "9x3 1x9", acts: [(1, .acknowledge), (5, .reset)], expect: [(4, .latched), (5, .normal)])
        #expect(try run(reset, latching) == [])
        let shelf = RuleTest.Act.Kind.shelve(length: 5 * Span.minute, isOneShot: false)
        let shelved = try test(
            "9x20", acts: [(2, shelf), (9, shelf), (11, .unshelve)],
            expect: [
                (2, .shelved), (6, .shelved), (7, .unacknowledged), (10, .shelved), (11, .unacknowledged),
            ])
        #expect(try run(shelved) == [])
        let once = RuleTest.Act.Kind.shelve(length: Span.hour, isOneShot: true)
        let oneShot = try test("9x5 1x5", acts: [(2, once)], expect: [(4, .shelved), (5, .normal)])
        #expect(try run(oneShot) == [])
        let service = try test(
            "1x2 9x18", acts: [(1, .takeOutOfService), (5, .putIntoService)],
            expect: [(1, .outOfService), (4, .outOfService), (5, .unacknowledged)])
        #expect(try run(service) == [])
    }

    @Test("what an operator cannot do then is said")
    func impossible() throws {
        let shelf = RuleTest.Act.Kind.shelve(length: Span.hour, isOneShot: false)
        let nothing = try test(
            "1x9", acts: [(1, .reset), (2, shelf), (3, .unshelve), (4, .putIntoService)],
            expect: [(9, .normal)])
        #expect(
            try run(nothing) == [
                "at 1m: there is nothing to reset", "at 2m: there is nothing to shelve",
                "at 3m: it is not shelved", "at 4m: it is in service already",
            ])
    }

    @Test("a gateway that has fallen silent suppresses what comes up behind it, until it is heard again")
    func gateway() throws {
        let test = try test(
            "1x8 _x2 9 _x20 9x9", gateway: "1x3 _x20 1x20",
            expect: [(9, .normal), (10, .suppressed), (22, .suppressed), (35, .unacknowledged)])
        #expect(try run(test) == [])
        let alone = try self.test("1x8 _x2 9", expect: [(10, .unacknowledged)])
        #expect(try run(alone) == [])
    }

    @Test("how often it was escalated, and whether it is unverified, can be asked")
    func more() throws {
        let conduct = AlertConduct(escalations: [.init(after: 3 * Span.minute, unit: "y")])
        var test = try test("9 9 9 9 9 9", expect: [])
        test.expectations = [
            .init(at: 2 * Span.minute, state: .unacknowledged, escalated: 0, isUnverified: false, place: ""),
            .init(at: 4 * Span.minute, state: .unacknowledged, escalated: 1, place: ""),
            .init(at: 30 * Span.minute, state: .unacknowledged, isUnverified: true, place: ""),
            .init(at: 31 * Span.minute, state: .unacknowledged, escalated: 2, isUnverified: false, place: ""),
        ]
        #expect(
            try run(test, conduct) == [
                "at 31m: expected `escalated: 2`, got 1 on w-1",
                "at 31m: expected `unverified: false`, got true on w-1",
            ])
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
                "at 0s: expected `normal`, got `unacknowledged` on w-1",
                "at 1m: expected `acknowledged`, got `unacknowledged` on w-1",
            ])
    }
}
