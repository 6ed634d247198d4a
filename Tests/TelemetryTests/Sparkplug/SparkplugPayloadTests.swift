import TestSupport
import Testing

@testable import Telemetry

@Suite("Payloads of Sparkplug B")
struct SparkplugPayloadTests {
    private typealias Metric = SparkplugWriter.Metric
    private let now = DecodeBench.now
    private let bench = DecodeBench(.sparkplug).measuring("level", "Tank/Level", valid: 0...100)
        .measuring("count", "Count").measuring("pump", "Pump", kind: .state) {
            $0.words = [("on", 1), ("off", 0)]
        }

    private func decode(time: UInt64? = 1_767_574_920_000, _ metrics: [Metric]) -> DecodeBench.Outcome {
        bench.decode(SparkplugWriter.payload(time: time, sequence: 1, metrics))
    }

    @Test("a metric's time goes before the payload's, and without both it is the arrival's")
    func times() {
        let outcome = decode([
            Metric("Tank/Level", .double(1.5)), Metric("Count", time: 1_767_574_900_000, .int(7)),
            Metric("Tank/Level", time: 1_767_574_910_000, .float(2.5)),
        ])
        #expect(outcome.readings == ["level 1.5", "count 7.0", "level 2.5"])
        #expect(outcome.times == [1_767_574_920_000, 1_767_574_900_000, 1_767_574_910_000])
        #expect(outcome.hasTime)
        let untimed = decode(time: nil, [Metric("Count", .int(7))])
        #expect(untimed.times == [now] && !untimed.hasTime)
    }

    @Test("signed whole numbers are two's complement in as many bits as their type has")
    func integers() {
        let cases: [(type: UInt64, value: SparkplugWriter.Value, number: Double)] = [
            (1, .int(0xFF), -1), (1, .int(0xFFFF_FFFF), -1), (2, .int(0x8000), -32_768),
            (2, .int(0xFFFF_8000), -32_768),
            (3, .int(0xFFFF_FFFE), -2), (4, .long(.max), -1), (5, .int(255), 255), (6, .int(65_535), 65_535),
            (7, .int(.max), 4_294_967_295), (8, .long(1 << 52), 0x1p52),
            (13, .long(1_767_574_920_000), 1_767_574_920_000),
            (3, .int(127), 127),
        ]
        for (type, value, number) in cases {
            #expect(
                decode([Metric("Count", type: type, value)]).readings == ["count \(number)"], "type \(type)")
        }
        #expect(decode([Metric("Count", type: 8, .long(.max))]).readings == ["count \(0x1p64) uncertain"])
    }

    @Test("booleans, words, texts")
    func others() {
        #expect(decode([Metric("Pump", type: 11, .bool(true))]).readings == ["pump 1.0"])
        #expect(decode([Metric("Pump", type: 12, .text("off"))]).readings == ["pump 0.0"])
        #expect(decode([Metric("Pump", .text("ajar"))]).rejection == .notInEnum)
        #expect(decode([Metric("Count", .text("x"))]).rejection == .notANumber)
        #expect(decode([Metric("Count", .bytes([1, 2]))]).rejection == .notANumber)
        #expect(decode([Metric("Count", .double(.nan))]).rejection == .notANumber)
    }

    @Test("null is no value, a transient one is not stored, and what the profile does not list is nobody's")
    func none() {
        #expect(
            decode([Metric("Count", .int(1)), Metric("Tank/Level", isNull: true)]).readings == ["count 1.0"])
        #expect(decode([Metric("Count", .int(1), isTransient: true)]).rejection == .noReadings)
        #expect(decode([Metric("Else", .int(1)), Metric("tank/level", .int(1))]).rejection == .noReadings)
        #expect(decode([]).rejection == .noReadings)
    }

    @Test(
        "the property Quality makes a reading uncertain (500) or bad (0), and never better than its limits do"
    )
    func quality() {
        let outcome = decode([
            Metric("Tank/Level", .int(1), quality: 192),
            Metric("Tank/Level", time: 1_767_574_900_000, .int(2), quality: 500),
            Metric("Count", time: 1_767_574_900_000, .int(3), quality: 0),
            Metric("Tank/Level", time: 1_767_574_900_001, .int(200), quality: 500),
        ])
        #expect(outcome.readings == ["level 1.0", "level 2.0 uncertain", "count 3.0 bad", "level 200.0 bad"])
    }

    @Test("historical values say so")
    func historical() throws {
        let payload = SparkplugWriter.payload(
            sequence: 1, [Metric("Count", .int(1), isHistorical: true), Metric("Tank/Level", .int(2))])
        let format = try bench.wire.compile(for: bench.measurements)
        let scratch = DecodeScratch(limits: DecodeLimits())
        var message = DecodedMessage()
        let rejection = payload.withUnsafeBytes {
            format.decode(
                $0, device: UnsafeBufferPointer(start: nil, count: 0), now: now, into: scratch, &message)
        }
        #expect(rejection == nil && scratch.decoded.map(\.isHistorical) == [true, false])
    }

    @Test("one bad value costs no other")
    func partial() {
        let outcome = decode([
            Metric("Count", .text("x")), Metric("Tank/Level", .int(2)), Metric("Count", time: 5, .int(1)),
        ])
        // Of one time the first two are one record: a fault in it is a fault of both.
        #expect(outcome.rejection == .notANumber || outcome.refusedParts > 0)
        let apart = decode([Metric("Count", time: 5, .int(1)), Metric("Tank/Level", .int(2))])
        #expect(apart.readings == ["level 2.0"] && apart.refusedParts == 1)
    }

    @Test("without a host a metric must say its name")
    func alias() {
        #expect(decode([Metric(alias: 1, .int(1))]).rejection == .unborn)
        let outcome = decode([Metric(alias: 1, .int(1)), Metric("Count", .int(2))])
        #expect(outcome.readings == ["count 2.0"] && outcome.partial == "unborn at 9")
    }

    @Test(
        "what is no message of protocol buffers is refused where it is wrong, unknown fields are passed over")
    func wire() {
        let whole = SparkplugWriter.payload(time: 1_767_574_920_000, sequence: 1, [Metric("Count", .int(7))])
        var extended = SparkplugWriter()
        extended.number(100, 5)
        extended.message(101, [1, 2, 3])
        #expect(bench.decode(whole + extended.bytes).readings == ["count 7.0"])
        for count in 1..<whole.count where count != 7 {
            let outcome = bench.decode(Array(whole[..<count]))
            #expect(outcome.rejection == .notSparkplug || outcome.readings == ["count 7.0"], "\(count)")
            #expect((outcome.offset ?? 0) <= count)
        }
        // A group, a field in another type, a number of eleven bytes, a length beyond the end, field 0.
        for bytes: [UInt8] in [
            [0x0B, 0x0C], [0x12, 0x02, 0x08, 0x01], [0x0A, 0x01, 0x00],
            [0x08] + Array(repeating: 0xFF, count: 10) + [1],
            [0x12, 0x7F, 0x00], [0x00, 0x00], [0x18, 0x80, 0x02],
        ] { #expect(bench.decode(bytes).rejection == .notSparkplug, "\(bytes)") }
        #expect(bench.decode([]).rejection == .noReadings)
    }

    @Test("bytes at random are read or refused, and never more than there are")
    func random() {
        var generator = SeededGenerator(seed: 30)
        let whole = SparkplugWriter.payload(
            time: 1_767_574_920_000, sequence: 1,
            [Metric("Count", type: 3, .int(7), quality: 500), Metric("Pump", .text("on"))])
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                    in: .min ... .max, using: &generator)
            }
            let outcome = bench.decode(bytes)
            #expect(outcome.rejection != nil || !outcome.readings.isEmpty)
            #expect((outcome.offset ?? 0) <= bytes.count)
        }
    }
}
