import Testing

@testable import Telemetry

@Suite("Payloads at random")
struct DecodeFuzzTests {
    private static let json = DecodeBench().with {
        $0.wire.recordsField = "/hours/*"
        $0.wire.timeField = "./t"
        $0.wire.timeFormat = .iso8601
        $0.wire.sequenceField = "/seq"
        $0.wire.deviceField = "/id"
    }.measuring("sum", "./n/*") { $0.reduction = .sum }.measuring("count", "./n/*") { $0.reduction = .count }
        .measuring("door", "./mở", kind: .state) { $0.words = [("có", 1), ("không", 0)] }
    private static let senml = DecodeBench(.senml).with { $0.wire.sequenceField = "sq" }
        .measuring("temp", "temp", unit: "Cel").measuring("door", "top/door", kind: .state) {
            $0.words = [("a", 1)]
        }
    private static let several = DecodeBench().with {
        $0.wire.namesDevices = true
        $0.names = (1...2).map { .init("d-\($0)", isExact: false, device: Int32($0), isOurs: $0 == 1) }
    }.measuring("v", "./v")
    private static let csv = DecodeBench(.csv).with {
        $0.wire.timeField = "time"
        $0.wire.timeFormat = .local(.standard, .utc)
    }.measuring("a", "a").measuring("b", "b")

    /// Formats with a message each of them takes.
    private static let seeds: [(bench: DecodeBench, payload: [UInt8])] =
        texts.map { ($0.bench, Array($0.payload.utf8)) } + [
            (
                DecodeBench(.senmlCBOR).with { $0.wire.sequenceField = "sq" }.measuring(
                    "temp", "temp", unit: "Cel"
                )
                .measuring("door", "top/door", kind: .state) { $0.words = [("a", 1)] },
                CBORText.bytes(
                    "82 a5 627371 01 21 64642d313a 22 1a695b0d80 00 6474656d70 02 c4822118a5 bf 00 68746f702f646f6f72 03 6161 06 03 ff"
                )
            )
        ]

    private static let texts: [(bench: DecodeBench, payload: String)] = [
        (
            json,
            #"{"id":"d-1","seq":7,"hours":[{"t":"2026-01-05T01:00:00Z","n":[1,2.5e0],"m\u1edf":"c\u00f3"},{"t":"2026-01-05T00:00:00Z","n":{"x":-1}}]}"#
        ),
        (
            senml,
            #"[{"sq":1,"bn":"d-1:","bt":1767574900,"n":"temp","u":"Cel","v":1.5},{"n":"top\/door","vs":"\u0061","t":3}]"#
        ),
        (
            several.with { $0.wire.recordsField = "/{device}/*" },
            #"{"d-1":[{"v":1}],"D-2":[{"v":2},{"v":"x"}],"d\u002d3":[{"v":4}]}"#
        ),
        (
            several.with {
                $0.wire.recordsField = "/s/*/o/*"
                $0.wire.deviceField = "/s/*/id"
            }, #"{"s":[{"o":[{"v":1},{"v":2}],"id":"d-1"},{"id":"d-2","o":[{"v":3}]},{"o":[{"v":4}]}]}"#
        ),
        (csv, "time,a,b\r\n2026-01-05 00:00:00,\"1\",2\r\n2026-01-05 00:01:00,,3\r\n"),
        (DecodeBench(.scalar).measuring("a"), " \"12.5\"\n"),
        (
            DecodeBench(.lineProtocol).with { $0.wire.deviceField = "dev" }.measuring("a", "a")
                .measuring("b", "m.b") { $0.words = [("x\ny", 1)] },
            "# two\nm,dev=d-1,w=a\\,b a=1.5,b=\"x\ny\" 1767574900000000000\r\nm,dev=d-1 a=7i\n"
        ),
        (
            DecodeBench(.ultraLight).with { $0.wire.sequenceField = "n" }.measuring("a", "a")
                .measuring("b", "b") { $0.words = [("x", 1)] },
            "2026-01-05T00:00:00Z|n|7|a|1.5#|a|true|b|x|n|8"
        ),
        (
            DecodeBench(.cayenneLPP).with {
                $0.wire.payloadField = "/data"
                $0.wire.timeField = "/time"
                $0.wire.timeFormat = .iso8601
            }.measuring("a", "temperature/3").measuring("b", "gps/1/altitude"),
            #"{"data":"A2cA4QGIBl+I8pQgAAPo","time":"2026-01-05T01:00:00Z"}"#
        ),
    ]

    @Test("what is taken whole is taken", arguments: seeds.indices)
    func seed(_ index: Int) {
        #expect(Self.seeds[index].bench.decode(Self.seeds[index].payload).rejection == nil)
    }

    @Test(
        "what is spoiled is decoded or refused, and never more than its bytes are read",
        arguments: seeds.indices)
    func spoiled(_ index: Int) {
        let (bench, payload) = Self.seeds[index]
        let whole = payload
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let spice = Array(#"{}[],:"\/u0e-.+;"#.utf8) + [0, 0x0A, 0x0D, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        for _ in 0..<4_000 {
            var bytes = whole
            for _ in 0...next(3) {
                switch next(4) {
                case 0: bytes[next(bytes.count)] = spice[next(spice.count)]
                case 1: bytes.insert(spice[next(spice.count)], at: next(bytes.count + 1))
                case 2 where bytes.count > 1: bytes.remove(at: next(bytes.count))
                default: bytes.removeLast(min(next(bytes.count), bytes.count - 1))
                }
            }
            let outcome = bench.decode(bytes)
            #expect(outcome.rejection != nil || !outcome.readings.isEmpty)
            #expect((outcome.offset ?? 0) <= bytes.count)
        }
    }
}
