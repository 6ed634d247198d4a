import Testing

@testable import Telemetry

@Suite("SenML packs (RFC 8428)")
struct SenMLPayloadTests {
    private let now = DecodeBench.now
    private let bench = DecodeBench(.senml).with { $0.wire.sequenceField = "sq" }
        .measuring("temperature", "temp", unit: "Cel", valid: -50...60)
        .measuring("humidity", "rh", unit: "%")
        .measuring("door", "door", kind: .state) { $0.words = [("open", 1), ("shut", 0)] }
        .measuring("doorTop", "top/door", kind: .state)

    private func decode(_ records: String) -> DecodeBench.Outcome {
        bench.decode("[{\"sq\":1,\"bn\":\"d-1:\"},\(records)]")
    }

    @Test("base name, time, unit and value hold until they appear again (section 4.1)")
    func base() {
        let outcome = bench.decode(
            #"[{"sq":3,"bn":"d-1:","bt":1767574000,"bu":"Cel","bv":20,"n":"temp","v":1},{"n":"temp","v":2,"t":60},{"n":"temp","v":3,"bt":1767574500,"bv":-1,"t":1}]"#
        )
        #expect(outcome.readings == ["temperature 21.0", "temperature 22.0", "temperature 2.0"])
        #expect(outcome.times == [1_767_574_000_000, 1_767_574_060_000, 1_767_574_501_000])
        #expect(outcome.sequence == 3)
        #expect(outcome.newestTime == 1_767_574_501_000)
    }

    @Test("a value that is missing counts as 0 beside a base value")
    func baseValueAlone() {
        #expect(decode(#"{"bv":20,"n":"temp"}"#).readings == ["temperature 20.0"])
    }

    @Test("times below 2^28 are relative to now, and no time is now (section 4.5.3)")
    func relativeTime() {
        let outcome = decode(
            #"{"n":"temp","v":1},{"n":"temp","v":2,"t":-5},{"n":"temp","v":3,"t":1767574000.25}"#)
        #expect(outcome.times == [now, now - 5_000, 1_767_574_000_250])
        #expect(decode(#"{"n":"temp","v":1,"t":600}"#).rejection == .timeInFuture)
        #expect(decode(#"{"n":"temp","v":1,"t":268435456}"#).rejection == .tooOld)
    }

    @Test(
        "versions up to 10 and the bit of RFC 9100 are understood",
        arguments: [
            ("5", true), ("10", true), ("26", true), ("11", false), ("42", false), ("\"10\"", false),
            ("10.5", false),
        ])
    func version(_ text: String, _ isKnown: Bool) {
        #expect(decode("{\"bver\":\(text),\"n\":\"temp\",\"v\":1}").rejection == (isKnown ? nil : .notSenML))
    }

    @Test("an unknown label is passed over unless it ends in _ (section 4.4)")
    func labels() {
        #expect(decode(#"{"n":"temp","v":1,"note":{"x":[1]}}"#).readings == ["temperature 1.0"])
        #expect(decode(#"{"n":"temp","v":1,"note_":0}"#).rejection == .notSenML)
    }

    @Test("a name is compared by its last part, and the longest that fits counts")
    func names() {
        #expect(bench.decode(#"[{"sq":1,"n":"temp","v":1}]"#).readings == ["temperature 1.0"])
        #expect(
            bench.decode(#"[{"sq":1,"bn":"urn:dev:ow:d-1","n":"/temp","v":1}]"#).readings == [
                "temperature 1.0"
            ])
        #expect(bench.decode(#"[{"sq":1,"bn":"hue/d-1/temp","v":1}]"#).readings == ["temperature 1.0"])
        #expect(decode(#"{"n":"top/door","vb":true}"#).readings == ["doorTop 1.0"])
        #expect(decode(#"{"n":"subtemp","v":1}"#).rejection == .noReadings)
    }

    @Test("a pack of another device is refused")
    func device() {
        #expect(bench.decode(#"[{"sq":1,"bn":"d-2:","n":"temp","v":1}]"#).rejection == .deviceMismatch)
        #expect(bench.decode(#"[{"sq":1,"bn":"xd-1:","n":"temp","v":1}]"#).rejection == .deviceMismatch)
    }

    @Test("units are the measurement's own or SenML's spelling; without one none is compared")
    func units() {
        #expect(decode(#"{"n":"temp","u":"Cel","v":1}"#).readings == ["temperature 1.0"])
        #expect(decode(#"{"n":"temp","u":"K","v":1}"#).rejection == .unitMismatch)
        for unit in ["%", "%RH", "/100", "%EL"] {
            #expect(decode("{\"n\":\"rh\",\"u\":\"\(unit)\",\"v\":1}").readings == ["humidity 1.0"])
        }
        #expect(decode(#"{"n":"door","u":"\/","v":1}"#).readings == ["door 1.0"])
        #expect(decode(#"{"bu":"K","n":"temp","u":"Cel","v":1}"#).readings == ["temperature 1.0"])
    }

    @Test("values are numbers, words or booleans")
    func values() {
        #expect(
            decode(#"{"n":"door","vs":"open"},{"n":"door","vb":false}"#).readings == ["door 1.0", "door 0.0"])
        #expect(decode(#"{"n":"door","vs":"ajar"}"#).rejection == .notInEnum)
        #expect(decode(#"{"n":"temp","vd":"AAAA"}"#).rejection == .notANumber)
        #expect(decode(#"{"n":"temp","v":"1"}"#).rejection == .notSenML)
        #expect(decode(#"{"n":"temp","v":null}"#).rejection == .notSenML)
        #expect(decode(#"{"n":"temp","v":99}"#).readings == ["temperature 99.0 bad"])
    }

    @Test("a text nobody asked for may have escapes, and a word may, too")
    func escapes() {
        #expect(decode(#"{"n":"note","vs":"m\u01b0a"},{"n":"temp","v":1}"#).readings == ["temperature 1.0"])
        #expect(decode(#"{"n":"door","vs":"\u006fpen"}"#).readings == ["door 1.0"])
        #expect(decode(#"{"n":"top\/door","vb":true}"#).readings == ["doorTop 1.0"])
    }

    @Test("a pack is an array of objects")
    func shape() {
        #expect(bench.decode("{}").rejection == .notSenML)
        #expect(bench.decode("[1]").rejection == .notSenML)
        #expect(bench.decode("[]").rejection == .noReadings)
        #expect(bench.decode("[{}").rejection == .notJSON)
        #expect(bench.decode("").rejection == .notJSON)
    }

    @Test("a sequence that is none is refused, and so is a pack without the one its profile has")
    func sequence() {
        #expect(bench.decode(#"[{"sq":-1,"n":"temp","v":1}]"#).rejection == .missingSequence)
        #expect(bench.decode(#"[{"sq":"1","n":"temp","v":1}]"#).rejection == .missingSequence)
        #expect(bench.decode(#"[{"n":"temp","v":1}]"#).rejection == .missingSequence)
    }
}
