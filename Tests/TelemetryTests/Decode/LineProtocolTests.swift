import Testing

@testable import Telemetry

@Suite("Line protocol")
struct LineProtocolTests {
    private let bench = DecodeBench(.lineProtocol).with { $0.wire.deviceField = "dev" }
        .measuring("level", "level").measuring("battery", "bat").measuring("alarm", "alarm")

    @Test("a line has a measurement, tags, typed fields and a time in nanoseconds")
    func plain() {
        let outcome = bench.decode(
            "flood,ward=kim-long,dev=d-1 level=1.42,bat=87i,alarm=f 1767574922500000000")
        #expect(outcome.readings == ["level 1.42", "battery 87.0", "alarm 0.0"])
        #expect(outcome.times == [1_767_574_922_500, 1_767_574_922_500, 1_767_574_922_500])
        #expect(outcome.hasTime)
        #expect(outcome.partial == nil)
    }

    @Test(
        "a number without a letter is a float, with i or u a whole number",
        arguments: [
            ("1", "1.0"), ("42i", "42.0"), ("42u", "42.0"), ("-42i", "-42.0"), ("+5i", "5.0"),
            ("1.e+78", "1e+78"), ("1E+78", "1e+78"), (".5", "0.5"), ("-.5e1", "-5.0"), ("5.", "5.0"),
            ("+1.5", "1.5"), ("007", "7.0"), ("00.25", "0.25"), ("-0", "0.0"), ("0", "0.0"),
            ("9223372036854775807i", "9.223372036854775807e+18"),
            ("-9223372036854775808i", "-9.223372036854775808e+18"),
            ("18446744073709551615u", "1.8446744073709552e+19"), ("1234567.875", "1234567.875"),
            ("t", "1.0"), ("T", "1.0"), ("true", "1.0"), ("True", "1.0"), ("TRUE", "1.0"), ("f", "0.0"),
            ("F", "0.0"), ("false", "0.0"), ("False", "0.0"), ("FALSE", "0.0"),
        ])
    func value(_ text: String, _ expected: String) {
        let a = DecodeBench(.lineProtocol).measuring("a", "a")
        let number = Double(expected)!
        let reading = "a \(number)" + (abs(number) < 0x1p53 ? "" : " uncertain")
        #expect(a.decode("m a=\(text)").readings == [reading])
        #expect(a.decode("m b=\(text),a=\(text) 1767574922000000000\r\n").readings == [reading])
    }

    @Test(
        "what is no value of the protocol is no number, wherever it stands",
        arguments: [
            "NaN", "nan", "Inf", "-Inf", "+inf", "9223372036854775808i", "-9223372036854775809i", "-1u",
            "18446744073709551616u", "1.5i", "1e3i", "i", "u", "-", "+", ".", "e5", "1e", "1e+", "1.2.3",
            "0x1f",
            "tRUE", "yes", "on", "1e999", "--1", "1 i", "12a",
        ])
    func noValue(_ text: String) {
        let a = DecodeBench(.lineProtocol).measuring("a", "a")
        // A space ends the value, so that the letter is a time.
        let reason: RejectionReason = text == "1 i" ? .notATime : .notANumber
        #expect(a.decode("m a=\(text)").rejection == reason)
        #expect(a.decode("m other=\(text),a=1").rejection == reason)
    }

    @Test(
        "escapes differ by position: commas and spaces in names, = in keys, quotes and backslashes in strings"
    )
    func escapes() {
        let a = DecodeBench(.lineProtocol).with { $0.wire.deviceField = "the dev" }
            .measuring("a", "my measure,ment=1.the=a, key")
        let line = #"my\ measure\,ment=1,w=x\ y\,z\=1,the\ dev=d-1 the\=a\,\ key=2 1767574922000000000"#
        #expect(a.decode(line).readings == ["a 2.0"])
        let back = DecodeBench(.lineProtocol).measuring("a", #"m\x.f\y"#).measuring("b", #"b"c"#)
        #expect(back.decode(#"m\x,t=\q f\y=1,b"c=3"#).readings == ["a 1.0", "b 3.0"])
        let word = DecodeBench(.lineProtocol).measuring("a", "a", kind: .state) {
            $0.words = [(#"say "hi", \ = #"#, 4), ("on", 1)]
        }
        #expect(word.decode(#"m a="say \"hi\", \\ = #""#).readings == ["a 4.0"])
        #expect(word.decode(#"m a="on",b="\n""#).readings == ["a 1.0"])
        #expect(word.decode(#"m a="off""#).rejection == .notInEnum)
        #expect(word.decode(#"m a="""#).rejection == .notInEnum)
    }

    @Test("an escaped = in a measurement is a backslash and an =")
    func escapedEqualsInMeasurement() {
        let a = DecodeBench(.lineProtocol).measuring("a", #"m\=1 x.a"#)
        #expect(a.decode(#"m\=1\ x a=1"#).readings == ["a 1.0"])
    }

    @Test("a newline inside a string is the string's, and the line goes on")
    func newline() {
        let outcome = bench.decode("m,dev=d-1 note=\"a\nlevel=9\n\",level=2\nm,dev=d-1 level=3")
        #expect(outcome.readings == ["level 2.0", "level 3.0"])
        #expect(outcome.partial == nil)
    }

    @Test("comments, empty lines, CRLF and a NUL at the end say nothing")
    func silence() {
        let text =
            "# level=7\r\n\r\n  \n  m,dev=d-1 level=1 \r\n#x\n\t\nm,dev=d-1  level=2  1767574922000000000  \r\n\u{0}"
        #expect(bench.decode(text).readings == ["level 1.0", "level 2.0"])
        #expect(bench.decode(text).partial == nil)
        for nothing in ["", "\n", "# all\n#of it", "\u{0}", "other x=1\n"] {
            #expect(bench.decode(nothing).rejection == .noReadings)
        }
    }

    @Test("a line without a time is of its arrival; only a time of its own makes a repeat a re-send")
    func arrival() {
        let outcome = bench.decode("m,dev=d-1 level=1\nm,dev=d-1 level=2 1767574900000000000\n")
        #expect(outcome.times == [DecodeBench.now, 1_767_574_900_000])
        #expect(outcome.newestTime == DecodeBench.now)
        #expect(outcome.hasTime)
        #expect(!bench.decode("m,dev=d-1 level=1").hasTime)
    }

    @Test("the precision of times is the profile's")
    func precision() {
        let formats: [(TimeFormat, String)] = [
            (.unixNanoseconds, "1767574922123456789"), (.unixMicroseconds, "1767574922123456"),
            (.unixMilliseconds, "1767574922123"), (.unixSeconds, "1767574922"),
        ]
        for (format, digits) in formats {
            let line = "m,dev=d-1 level=1 \(digits)"
            let times = bench.with { $0.wire.timeFormat = format }.decode(line).times
            #expect(times == [format == .unixSeconds ? 1_767_574_922_000 : 1_767_574_922_123])
        }
        #expect(bench.decode("m,dev=d-1 level=1 1767574922").rejection == .tooOld)
        #expect(bench.decode("m,dev=d-1 level=1 -1").rejection == .tooOld)
    }

    @Test(
        "a time is a whole number of 64 bits",
        arguments: ["1.5", "now", "1e18", "+5", "9223372036854775808", "2026-01-05T01:02:03Z", "12,"])
    func noTime(_ text: String) {
        let outcome = bench.decode("m,dev=d-1 level=1 \(text)")
        #expect(outcome.rejection == (text == "12," ? .notLineProtocol : .notATime))
    }

    @Test("a field is named by measurement and field, or by the field alone; the whole name goes first")
    func names() {
        let two = DecodeBench(.lineProtocol).measuring("any", "temp").measuring("inner", "room.a.temp")
            .measuring("dotted", "x.y")
        #expect(two.decode("room.a temp=1").readings == ["inner 1.0"])
        #expect(two.decode("room.b temp=2").readings == ["any 2.0"])
        #expect(two.decode("temp=3 temp=3").readings == ["any 3.0"])
        // The measurement `x` and the field `y`, and the field `x.y`.
        #expect(two.decode("x y=4\nm x.y=5").readings == ["dotted 4.0", "dotted 5.0"])
        // Looked for first where the field before it was found.
        #expect(
            two.decode("m temp=1\nroom.a temp=2\nm temp=3").readings == ["any 1.0", "inner 2.0", "any 3.0"])
        #expect(two.decode("roomXa temp=1").readings == ["any 1.0"])
    }

    @Test("a default stands in on lines that have another field of the profile, and on no others")
    func fallback() {
        let a = DecodeBench(.lineProtocol).measuring("a", "a").measuring("b", "b") { $0.fallback = 0 }
        #expect(a.decode("m a=1\nother x=1\nm b=2").readings == ["a 1.0", "b 0.0", "b 2.0"])
    }

    @Test("each line may have the device's own number")
    func sequence() {
        let numbered = bench.with { $0.wire.sequenceField = "n" }
        let outcome = numbered.decode("m,dev=d-1 level=1,n=8i 1767574900000000000\nm,dev=d-1 level=2,n=7i")
        #expect(outcome.sequence == 8)
        let lost = numbered.decode("m,dev=d-1 level=1,n=8i\nm,dev=d-1 level=2")
        #expect(lost.readings == ["level 1.0"])
        #expect(lost.partial == "missing-sequence at 23")
    }

    // MARK: Bad lines

    @Test(
        "a line that breaks the grammar is refused where it does",
        arguments: [
            (",dev=d-1 level=1", 0), ("m", 1), ("m ", 2), ("m,", 2), ("m, level=1", 2), ("m,dev level=1", 5),
            ("m,dev= level=1", 6), ("m,=x level=1", 2), ("m,dev=a=b level=1", 7), ("m,dev=d-1", 9),
            ("m,dev=d-1,level=1", 17), ("m level", 7), ("m level=", 8), ("m =1", 2), ("m level=1,", 10),
            ("m level=1, x=2", 10), ("m level=1,,x=2", 10), ("m level=\"a", 8), ("m level=\"a\"b", 11),
            ("m,dev=d-1 level=1 1767574922000000000 x", 38), ("m level==1", 8), ("m level=1,level=2", 10),
            ("m,dev=d-1,dev=d-1 level=1", 10), ("m,dev=d\nlevel=1", 7),
        ])
    func grammar(_ line: String, _ offset: Int) {
        let outcome = bench.decode(line)
        let reason: RejectionReason = line == "m level==1" ? .notANumber : .notLineProtocol
        #expect(outcome.rejection == reason)
        #expect(outcome.offset == offset)
        let behind = bench.decode("m,dev=d-1 level=7\n\(line)\nm,dev=d-1 level=8\n")
        #expect(behind.readings == ["level 7.0", "level 8.0"])
        #expect(behind.partial == "\(reason.rawValue) at \(offset + 18)")
    }

    @Test("a fault of a line's contents takes that line and no other, and leaves nothing of it")
    func contents() {
        let lines = [
            "m,dev=d-2 level=1 1767574922000000000", "m level=1", "m,dev=d-1 level=\"high\"",
            "m,dev=d-1 level=1,bat=\"x\"", "m,dev=d-1 level=1 1767584922000000000", "m,dev=d-1 level=1 1000",
        ]
        let reasons = [
            "device-mismatch at 6", "missing-device at 0", "not-a-number at 17", "not-a-number at 23",
            "time-in-future at 18", "too-old at 18",
        ]
        for (line, reason) in zip(lines, reasons) {
            let outcome = bench.decode("\(line)\nm,dev=d-1 level=8 1767574900000000000\n")
            #expect(outcome.readings == ["level 8.0"], "\(line)")
            #expect(outcome.partial == reason)
            #expect(outcome.refusedParts == 1)
            #expect(outcome.newestTime == 1_767_574_900_000)
            #expect("\(bench.decode(line))" == reason)
        }
    }

    @Test("the first bad line is reported and all are counted")
    func many() {
        let outcome = bench.decode(
            "m,dev=d-1 level=1\nm x\nm,dev=d-9 level=1\nm,dev=d-1 level=2 x\nm,dev=d-1 level=5")
        #expect(outcome.readings == ["level 1.0", "level 5.0"])
        #expect(outcome.partial == "not-line-protocol at 21")
        #expect(outcome.refusedParts == 3)
    }

    @Test("a quote that is never closed takes its own line and no other")
    func openQuote() {
        let outcome = bench.decode("m,dev=d-1 note=\"cut off\nm,dev=d-1 level=1,note=\"\"\nm,dev=d-1 level=2")
        #expect(outcome.readings == ["level 1.0", "level 2.0"])
        #expect(outcome.refusedParts == 1)
    }

    @Test("a line of another measurement is nobody's, whoever sent it")
    func foreign() {
        let outcome = bench.decode("cpu,host=x load=1\nm,dev=d-1 level=1")
        #expect(outcome.readings == ["level 1.0"])
        #expect(outcome.partial == nil)
    }

    @Test("more readings than a message may have refuse it whole")
    func tooMany() {
        let tight = bench.with { $0.limits.readings = 2 }
        let line = "m,dev=d-1 level=1\n"
        #expect(tight.decode(line + line).rejection == nil)
        #expect(tight.decode(line + line + line).rejection == .tooManyReadings)
        #expect(bench.with { $0.limits.payloadBytes = 10 }.decode(line).rejection == .tooLarge)
    }

    @Test("booleans are words by their long names, however they are written")
    func words() {
        let a = DecodeBench(.lineProtocol).measuring("a", "a", kind: .state) {
            $0.words = [("true", 0), ("false", 1), ("7", 3)]
        }
        #expect(a.decode("m a=t\nm a=TRUE\nm a=F\nm a=7i").readings == ["a 0.0", "a 0.0", "a 1.0", "a 3.0"])
    }
}
