import Testing

@testable import Telemetry

@Suite("SenML packs (RFC 8428)")
struct SenMLPayloadTests {
    private let now = DecodeBench.now
    private let bench = DecodeBench(.senml).with { $0.wire.sequenceField = "sq" }
        .measuring("temperature", "temp", unit: "Cel", valid: -50...60)
        .measuring("humidity", "rh", unit: "%")
        .measuring("speed", "speed", unit: "m/s")
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

    @Test("a name met before means what it meant, until the base name is another")
    func namesMetBefore() {
        let packed = bench.decode(
            #"[{"sq":3,"bn":"d-1:","n":"temp","v":1},{"n":"rh","v":2},{"n":"temp","v":3},{"n":"temp","v":4},{"n":"rh","v":5}]"#
        )
        #expect(
            packed.readings == [
                "temperature 1.0", "humidity 2.0", "temperature 3.0", "temperature 4.0", "humidity 5.0",
            ])
        let foreign = bench.decode(#"[{"sq":3,"bn":"d-1:","n":"temp","v":1},{"bn":"d-2:","n":"temp","v":3}]"#)
        #expect(foreign.rejection == .deviceMismatch)
        let moved = bench.decode(
            #"[{"sq":3,"bn":"d-1:","n":"door","vs":"open"},{"bn":"d-1:top/","n":"door","vb":true}]"#)
        #expect(moved.readings == ["door 1.0", "doorTop 1.0"])
    }

    @Test(
        "a name with a fault is one each time it is met, and more names than are remembered are read as well")
    func unusualNames() {
        #expect(decode(#"{"n":"temp","v":1},{"n":"te mp","v":1}"#).rejection == .notSenML)
        let records = (0..<60).map { "{\"n\":\"\($0 % 20 == 19 ? "rh" : "x\($0 % 20)")\",\"v\":\($0)}" }
        #expect(
            decode(records.joined(separator: ",")).readings == [
                "humidity 19.0", "humidity 39.0", "humidity 59.0",
            ])
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

    @Test(
        "a unit is converted to the measurement's, secondary ones (RFC 8798) too; without one none is compared"
    )
    func units() {
        #expect(decode(#"{"n":"temp","u":"Cel","v":1}"#).readings == ["temperature 1.0"])
        #expect(decode(#"{"n":"temp","u":"K","v":283.15}"#).readings == ["temperature 10.0"])
        #expect(decode(#"{"bver":26,"n":"speed","u":"km/h","v":36}"#).readings == ["speed 10.0"])
        #expect(
            decode(#"{"n":"speed","u":"m/s","v":36},{"n":"speed","v":3}"#).readings == [
                "speed 36.0", "speed 3.0",
            ])
        for unit in ["%RH", "/100", "%EL"] {
            #expect(decode("{\"n\":\"rh\",\"u\":\"\(unit)\",\"v\":1}").readings == ["humidity 1.0"])
        }
        #expect(decode(#"{"n":"door","u":"\/","v":1}"#).readings == ["door 1.0"])
        #expect(decode(#"{"bu":"K","n":"temp","u":"Cel","v":1}"#).readings == ["temperature 1.0"])
    }

    @Test(
        "`%` is a ratio in SenML (RFC 8428 section 12.1, note 2), unless the profile says that percent is meant"
    )
    func percent() throws {
        #expect(decode(#"{"n":"rh","u":"%","v":0.44}"#).readings == ["humidity 44.0"])
        let percent = try #require(Telemetry.Unit.ucum("%"))
        let meant = DecodeBench(.senml).measuring("humidity", "rh", unit: "1") {
            _ = $0.convertSenML(to: Telemetry.Unit.ucum("1")!, from: percent)
        }
        #expect(meant.decode(#"[{"n":"rh","u":"%","v":44}]"#).readings == ["humidity 0.44"])
        #expect(
            meant.decode(#"[{"n":"rh","v":44},{"n":"rh","u":"/","v":0.5}]"#).readings == [
                "humidity 0.44", "humidity 0.5",
            ])
    }

    @Test("a unit of another quantity, or an unknown one, refuses the pack where it stands")
    func wrongUnit() {
        for (unit, offset) in [("m", 39), ("furlong", 39), ("cel", 39)] {
            let outcome = decode("{\"n\":\"temp\",\"u\":\"\(unit)\",\"v\":1}")
            #expect(outcome == DecodeBench.Outcome(rejection: .unitMismatch, offset: offset))
        }
        #expect(
            decode(#"{"n":"other","u":"furlong","v":1},{"n":"temp","v":1}"#).readings == ["temperature 1.0"])
    }

    @Test("a sum is base sum and sum, and is read where the profile asks for it")
    func sums() {
        let bench = DecodeBench(.senml).measuring("power", "power", unit: "W")
            .measuring("energy", "sum(power)", unit: "kW.h")
        func readings(_ pack: String) -> [String] { bench.decode(pack).readings }
        #expect(readings(#"[{"n":"power","u":"W","v":5,"s":7}]"#) == [])
        #expect(bench.decode(#"[{"n":"power","u":"W","v":5,"s":7}]"#).rejection == .unitMismatch)
        let alike = DecodeBench(.senml).measuring("power", "power").measuring("total", "sum(power)")
        #expect(alike.decode(#"[{"n":"power","v":5,"s":7}]"#).readings == ["power 5.0", "total 7.0"])
        #expect(alike.decode(#"[{"n":"power","s":7}]"#).readings == ["total 7.0"])
        #expect(
            alike.decode(#"[{"bs":100,"n":"power","v":1,"s":7},{"n":"power","v":2}]"#).readings == [
                "power 1.0", "total 107.0", "power 2.0", "total 100.0",
            ])
        #expect(alike.decode(#"[{"n":"power","v":5}]"#).readings == ["power 5.0"])
    }

    @Test("a record has one value at most, and a field once")
    func once() {
        for record in [
            #"{"n":"temp","v":1,"vb":true}"#, #"{"n":"door","vs":"open","vb":true}"#,
            #"{"n":"door","vd":"","vs":"open"}"#,
        ] {
            #expect(decode(record).rejection == .notSenML)
        }
        #expect(decode(#"{"n":"temp","n":"rh","v":1}"#).rejection == .duplicateKey)
        #expect(decode(#"{"n":"temp","v":1,"\u0076":2}"#).rejection == .notSenML)
        #expect(decode(#"{"n":"temp","t":0,"v":1,"\u0074":2}"#).rejection == .duplicateKey)
        #expect(decode(#"{"n":"temp","v":1,"note\u005f":2}"#).rejection == .notSenML)
    }

    @Test("names have the characters they may have (section 4.5.1), and there is one for every value")
    func validNames() {
        for name in ["te mp", "temp\\u00e9", "nhiệt", "a%b", "_temp", ":temp", "-temp", ""] {
            #expect(bench.decode("[{\"sq\":1,\"n\":\"\(name)\",\"v\":1}]").rejection == .notSenML, "\(name)")
        }
        #expect(bench.decode(#"[{"sq":1,"v":1}]"#).rejection == .notSenML)
        #expect(
            bench.decode(#"[{"sq":1,"bn":"d-1:"},{"n":"9-a.b_c:/temp","v":1}]"#).rejection == .deviceMismatch)
        #expect(decode(#"{"n":"-x"},{"n":"temp","v":1}"#).readings == ["temperature 1.0"])
    }

    @Test("a record that is there for its base fields is no reading, also where a base value holds")
    func baseOnly() {
        #expect(bench.decode(#"[{"sq":1,"bn":"d-1:temp","bv":20},{"v":1}]"#).readings == ["temperature 21.0"])
        #expect(bench.decode(#"[{"sq":1,"bn":"d-1:temp","bv":20,"t":0}]"#).readings == ["temperature 20.0"])
        #expect(decode(#"{"n":"temp"}"#).rejection == .noReadings)
    }

    @Test("a base value is added to numbers alone")
    func baseValueBesideOthers() {
        #expect(
            decode(#"{"bv":20,"n":"door","vb":true},{"n":"door","vs":"shut"}"#).readings == [
                "door 1.0", "door 0.0",
            ])
    }

    @Test(
        "data is base64 in the alphabet of URLs and without padding (section 5)",
        arguments: [
            ("aGkgCg", true), ("_-8", true), ("", true), ("aGkgCg==", false), ("+/8A", false), ("a", false),
            ("aGk gCg", false),
        ])
    func data(_ text: String, _ isData: Bool) {
        let outcome = decode("{\"n\":\"nfc\",\"vd\":\"\(text)\"},{\"n\":\"temp\",\"v\":1}")
        #expect(outcome.rejection == (isData ? nil : .notSenML))
    }

    @Test("all records of a pack are of one version (section 4.4)")
    func versions() {
        #expect(
            decode(#"{"bver":10,"n":"temp","v":1},{"bver":10,"n":"temp","v":1,"t":-1}"#).readings.count == 2)
        #expect(
            decode(#"{"bver":10,"n":"temp","v":1},{"bver":5,"n":"temp","v":1,"t":-1}"#).rejection == .notSenML
        )
        #expect(decode(#"{"bver":0,"n":"temp","v":1}"#).rejection == .notSenML)
        #expect(decode(#"{"bver":-1,"n":"temp","v":1}"#).rejection == .notSenML)
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
