import Testing

@testable import Telemetry

@Suite("UltraLight 2.0")
struct UltraLightTests {
    private let bench = DecodeBench(.ultraLight).measuring("level", "wl").measuring("battery", "bat")
        .measuring("rain", "rain")

    @Test("bars part names and values, hashes part groups, and a time is its own group's")
    func groups() {
        let outcome = bench.decode("2026-01-05T01:02:00Z|wl|1.42|bat|87#rain|0.4")
        #expect(outcome.readings == ["level 1.42", "battery 87.0", "rain 0.4"])
        #expect(outcome.times == [1_767_574_920_000, 1_767_574_920_000, DecodeBench.now])
        #expect(outcome.hasTime)
    }

    @Test("an even number of bars means that a time stands first, which may be empty")
    func times() {
        #expect(bench.decode("|wl|7|bat|18").readings == ["level 7.0", "battery 18.0"])
        #expect(bench.decode("|wl|7|bat|18").times == [DecodeBench.now, DecodeBench.now])
        #expect(!bench.decode("|wl|7").hasTime)
        #expect(!bench.decode("wl|7").hasTime)
        #expect(bench.decode("2026-01-05 08:02:03+07:00|wl|7").times == [DecodeBench.now])
        #expect(bench.decode("yesterday|wl|7").rejection == .notATime)
        #expect(bench.decode("2026-01-05T01:02:03|wl|7").rejection == .notATime)
        #expect(bench.decode("2027-01-05T01:02:03Z|wl|7").rejection == .timeInFuture)
        let unix = bench.with { $0.wire.timeFormat = .unixSeconds }
        #expect(unix.decode("1767574922.5|wl|7").times == [1_767_574_922_500])
    }

    @Test("a value is JSON if it can be, else text")
    func values() {
        let all = DecodeBench(.ultraLight).measuring("a", "a", kind: .state) {
            $0.words = [("on", 3), ("n o", 4), ("12 °C", 5), ("x\"y", 6)]
        }
        let plain = DecodeBench(.ultraLight).measuring("a", "a").measuring("b", "b") { $0.fallback = 9 }
        #expect(plain.decode("a|true|b|false").readings == ["a 1.0", "b 0.0"])
        #expect(plain.decode("a| 12 |b|-1.5e1").readings == ["a 12.0", "b -15.0"])
        #expect(plain.decode("a|1|b|null").readings == ["a 1.0", "b 9.0"])
        #expect(
            all.decode("a|on#a|\"on\"#a|n o#a|12 °C#a|\"x\\\"y\"").readings
                == ["a 3.0", "a 3.0", "a 4.0", "a 5.0", "a 6.0"])
        for text in ["[1,2]", "{\"x\":1}", "12 °C", "43.46/-3.80", "\"5\"", "NaN", "1,5", "01", "\"", "[1"] {
            #expect(plain.decode("a|\(text)").rejection == .notANumber, "\(text)")
        }
    }

    @Test(
        "an empty field, half a pair or an empty group refuses the whole payload",
        arguments: [
            ("wl", 0), ("wl|", 3), ("|wl|", 4), ("|7", 0), ("wl|7#", 5), ("#wl|7", 0), ("wl|7##bat|1", 5),
            ("wl|7|", 5), ("wl||7", 3), ("2026-01-05T01:02:03Z|wl|", 24), ("wl|7|bat|", 9), ("wl|7||1", 5),
            ("wl|7#bat", 5), ("wl|7|wl|8", 5), ("2026-01-05T01:02:03Z", 0), ("wl|7#|", 5), ("||", 1),
            ("|", 0),
        ])
    func refused(_ payload: String, _ offset: Int) {
        let outcome = bench.decode(payload)
        #expect(outcome.rejection == .notUltraLight)
        #expect(outcome.offset == offset)
        #expect(outcome.partial == nil)
    }

    @Test("one bad value refuses the good ones, too")
    func badValue() {
        #expect(bench.decode("wl|7#wl|x").rejection == .notANumber)
        #expect(bench.decode("wl|7#wl|x").offset == 8)
    }

    @Test("a line end or NUL behind it is no part of the last value; nothing is no reading")
    func ends() {
        #expect(bench.decode("wl|7\r\n").readings == ["level 7.0"])
        #expect(bench.decode("wl|7\u{0}").readings == ["level 7.0"])
        for nothing in ["", " \r\n", "other|1"] { #expect(bench.decode(nothing).rejection == .noReadings) }
    }

    @Test("a group may name the device and its number; a group without a field of the profile is nobody's")
    func whole() {
        let named = bench.with {
            $0.wire.deviceField = "id"
            $0.wire.sequenceField = "n"
        }
        let outcome = named.decode("2026-01-05T01:02:00Z|id|d-1|n|4|wl|7#x|1#id|d-1|n|5|wl|8")
        #expect(outcome.readings == ["level 7.0", "level 8.0"])
        #expect(outcome.sequence == 5)
        #expect(named.decode("id|d-2|n|4|wl|7").rejection == .deviceMismatch)
        #expect(named.decode("n|4|wl|7").rejection == .missingDevice)
    }

    @Test("more groups than a message may have records are refused")
    func tooMany() {
        let tight = bench.with { $0.limits.readings = 2 }
        #expect(tight.decode("wl|1#x|1#wl|2").rejection == nil)
        #expect(tight.decode("wl|1#wl|1#wl|2").rejection == .tooManyReadings)
        #expect(tight.with { $0.limits.payloadBytes = 3 }.decode("wl|1").rejection == .tooLarge)
    }
}
