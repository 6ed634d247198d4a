import Testing

@testable import Telemetry

@Suite("JSON records and message fields")
struct JSONRecordTests {
    private let now = DecodeBench.now
    private let bench = DecodeBench().with {
        $0.wire.recordsField = "/hours/*"
        $0.wire.timeField = "./t"
        $0.wire.timeFormat = .unixSeconds
    }.measuring("in", "./in").measuring("all", "/total")

    @Test("each element is a record with its own time; fields of the message stand in each")
    func records() {
        let outcome = bench.decode(
            #"{"hours":[{"t":1767571200,"in":1},{"t":1767574800.5,"in":2}],"total":9}"#)
        #expect(outcome.readings == ["in 1.0", "all 9.0", "in 2.0", "all 9.0"])
        #expect(
            outcome.times == [1_767_571_200_000, 1_767_571_200_000, 1_767_574_800_500, 1_767_574_800_500])
        #expect(outcome.newestTime == 1_767_574_800_500)
    }

    @Test("members of an object are records, too, and the root may be the list")
    func otherShapes() {
        #expect(
            bench.decode(#"{"hours":{"a":{"t":1767571200,"in":1},"b":{"t":1767574800,"in":2}}}"#).readings
                == ["in 1.0", "in 2.0"])
        let root = DecodeBench().with { $0.wire.recordsField = "/*" }.measuring("in", "./in")
        #expect(root.decode(#"[{"in":1},{"in":2}]"#).readings == ["in 1.0", "in 2.0"])
    }

    @Test("a record's values are not the next one's")
    func noCarryOver() {
        #expect(bench.decode(#"{"hours":[{"t":1767571200,"in":1},{"t":1767574800}]}"#).readings == ["in 1.0"])
        #expect(bench.decode(#"{"hours":[{"t":1767571200,"in":1},{"in":2}]}"#).rejection == .missingTime)
    }

    @Test("values within a record can be reduced")
    func reduction() {
        let lanes = DecodeBench().with { $0.wire.recordsField = "/r/*" }
            .measuring("sum", "./n/*") { $0.reduction = .sum }.measuring("total", "/r/*/all") {
                $0.reduction = .sum
            }
        #expect(
            lanes.decode(#"{"r":[{"n":[1,2],"all":4},{"n":[3],"all":5}]}"#).readings
                == ["sum 3.0", "total 9.0", "sum 3.0", "total 9.0"])
    }

    @Test("no records are no readings")
    func none() {
        #expect(bench.decode(#"{"hours":[],"total":9}"#).rejection == .noReadings)
        #expect(bench.decode("{}").rejection == .noReadings)
    }

    @Test("more records than one message may have are refused")
    func tooMany() {
        let small = DecodeBench().with {
            $0.limits.readings = 3
            $0.wire.recordsField = "/*"
        }.measuring("in", "./in")
        #expect(small.decode("[{\"in\":1},{\"in\":1},{\"in\":1}]").readings.count == 3)
        #expect(small.decode("[{\"in\":1},{\"in\":1},{\"in\":1},{\"in\":1}]").rejection == .tooManyReadings)
    }

    @Test("a sequence is a whole number that is not negative, also in quotes")
    func sequence() {
        let bench = DecodeBench().with { $0.wire.sequenceField = "/seq" }.measuring("a", "/a")
        #expect(bench.decode(#"{"seq":7,"a":1}"#).sequence == 7)
        #expect(bench.decode(#"{"seq":"7","a":1}"#).sequence == 7)
        for text in ["null", "-1", "1.5", "\"x\"", "true", "1e300"] {
            #expect(bench.decode("{\"seq\":\(text),\"a\":1}").rejection == .missingSequence, "\(text)")
        }
        #expect(bench.decode(#"{"a":1}"#).rejection == .missingSequence)
    }

    @Test("a message that names another device is refused")
    func device() {
        let bench = DecodeBench().with { $0.wire.deviceField = "/id" }.measuring("a", "/a")
        #expect(bench.decode(#"{"id":"d-1","a":1}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"id":"d\u002d1","a":1}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"id":"D-1","a":1}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"id":"\u0044-1","a":1}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"id":"d-10","a":1}"#).rejection == .deviceMismatch)
        #expect(bench.decode(#"{"id":"d\r1","a":1}"#).rejection == .deviceMismatch)
        #expect(bench.decode(#"{"id":1,"a":1}"#).rejection == .missingDevice)
        #expect(bench.decode(#"{"a":1}"#).rejection == .missingDevice)
    }

    @Test("a name may have a prefix, which must be there to the letter")
    func devicePrefix() {
        let bench = DecodeBench().with {
            $0.wire.deviceField = "/id"
            $0.wire.devicePrefix = "urn:ngsi-ld:Device:"
        }.measuring("a", "/a")
        for id in ["urn:ngsi-ld:Device:d-1", "urn:ngsi-ld:Device:D-1", "urn:ngsi-ld:Device\\u003ad-1"] {
            #expect(bench.decode("{\"id\":\"\(id)\",\"a\":1}").readings == ["a 1.0"], "\(id)")
        }
        for id in ["d-1", "urn:ngsi-ld:device:d-1", "urn:ngsi-ld:Device:", "urn:ngsi-ld:Device:d-2", ""] {
            #expect(bench.decode("{\"id\":\"\(id)\",\"a\":1}").rejection == .deviceMismatch, "\(id)")
        }
    }

    @Test("of an interval one end is the time, as the profile says, and a moment is its own end")
    func interval() {
        func bench(_ edge: IntervalEdge?) -> DecodeBench {
            DecodeBench().with {
                $0.wire.timeField = "/t"
                $0.wire.timeFormat = .iso8601
                $0.wire.interval = edge
            }.measuring("a", "/a")
        }
        let payload = #"{"t":"2026-01-05T00:55:00Z/2026-01-05T08:00:00+07:00","a":1}"#
        #expect(bench(.end).decode(payload).times == [1_767_574_800_000])
        #expect(bench(.start).decode(payload).times == [1_767_574_500_000])
        #expect(bench(nil).decode(payload).rejection == .notATime)
        let escaped = payload.split(separator: "/").joined(separator: "\\/")
        #expect(bench(.end).decode(escaped).times == [1_767_574_800_000])
        #expect(bench(.end).decode(#"{"t":"2026-01-05T01:00:00Z","a":1}"#).times == [1_767_574_800_000])
        for text in [
            "2026-01-05T01:00:00Z/", "/2026-01-05T01:00:00Z", "2026-01-05T01:00:00Z/PT5M", "/",
            "2026-01-05T01:00:00Z/..", "2026-01-05T01:00:00Z/2026-01-05T00:55:00Z",
            "2026-01-05T00:00:00Z/2026-01-05T01:00:00Z/2026-01-05T01:00:00Z",
        ] {
            #expect(bench(.end).decode("{\"t\":\"\(text)\",\"a\":1}").rejection == .notATime, "\(text)")
        }
    }

    @Test("a message without a time has that of its arrival")
    func arrival() {
        #expect(DecodeBench().measuring("a", "/a").decode(#"{"a":1}"#).times == [now])
    }

    @Test("times too far ahead or behind are refused to the millisecond")
    func bounds() {
        let bench = DecodeBench().with { $0.wire.timeField = "/t" }.measuring("a", "/a")
        func at(_ time: Milliseconds) -> RejectionReason? {
            bench.decode("{\"t\":\(time),\"a\":1}").rejection
        }
        #expect(at(now + bench.limits.future) == nil)
        #expect(at(now + bench.limits.future + 1) == .timeInFuture)
        #expect(at(now - bench.limits.retention) == nil)
        #expect(at(now - bench.limits.retention - 1) == .tooOld)
        #expect(bench.decode(#"{"t":1e300,"a":1}"#).rejection == .notATime)
        // However old a file may be, windows begin somewhere.
        var old = bench
        old.limits.retention = .max / 4
        #expect(old.decode(#"{"t":-1e15,"a":1}"#).rejection == .tooOld)
        old.limits.future = .max / 4
        #expect(old.decode(#"{"t":1e15,"a":1}"#).rejection == .timeInFuture)
        #expect(bench.decode(#"{"t":true,"a":1}"#).rejection == .notATime)
        #expect(bench.decode(#"{"t":null,"a":1}"#).rejection == .missingTime)
    }
}
