import Testing

@testable import Telemetry

@Suite("Sentinels, exceptions and numbers too large")
struct SentinelTests {
    private let bench = DecodeBench().measuring("a", "/a") { $0.sentinels = ["-999", "65535", "NA", ""] }
        .measuring("b", "/b")

    @Test("a number or a text that stands for no value is no reading, however it is written")
    func sentinels() {
        for raw in ["-999", "-999.0", "-9.99e2", "65535", "\"NA\"", "\"\"", "\"N\\u0041\"", "\"-999\""] {
            #expect(bench.decode("{\"a\":\(raw),\"b\":1}").readings == ["b 1.0"], "\(raw)")
        }
        #expect(bench.decode(#"{"a":-999.1,"b":1}"#).readings == ["a -999.1", "b 1.0"])
        #expect(bench.decode(#"{"a":"na","b":1}"#).rejection == .notANumber)
        #expect(bench.decode(#"{"b":-999}"#).readings == ["b -999.0"])
    }

    @Test("a message of nothing but sentinels has no readings")
    func nothing() {
        #expect(bench.decode(#"{"a":-999}"#).rejection == .noReadings)
        #expect(
            DecodeBench(.scalar).measuring("a") { $0.sentinels = ["999"] }.decode("999").rejection
                == .noReadings)
    }

    @Test(
        "it is what the device sent that is compared, not what is made of it, and a default is for what is absent"
    )
    func rawValue() {
        let bench = DecodeBench().measuring("a", "/a") {
            $0.scale = 0.1
            $0.offset = 1
            $0.sentinels = ["10"]
            $0.fallback = 0
        }
        #expect(bench.decode(#"{"a":90}"#).readings == ["a 10.0"])
        #expect(bench.decode(#"{"a":10}"#).rejection == .noReadings)
        #expect(bench.decode("{}").readings == ["a 1.0"])
    }

    @Test("a number in quotes is compared as a number, too, and a word before the enum")
    func texts() {
        let strings = DecodeBench().measuring("a", "/a") {
            $0.numbersAreText = true
            $0.sentinels = ["-999"]
        }
        #expect(strings.decode(#"{"a":"-999.00"}"#).rejection == .noReadings)
        #expect(strings.decode(#"{"a":"12"}"#).readings == ["a 12.0"])
        let states = DecodeBench().measuring("a", "/a", kind: .state) {
            $0.words = [("open", 1), ("closed", 0)]
            $0.sentinels = ["unknown"]
        }
        #expect(states.decode(#"{"a":"unknown"}"#).rejection == .noReadings)
        #expect(states.decode(#"{"a":"else"}"#).rejection == .notInEnum)
    }

    @Test("under a star a sentinel is not there: neither summed nor counted")
    func reductions() {
        let bench = DecodeBench().measuring("sum", "/v/*") {
            $0.reduction = .sum
            $0.sentinels = ["-1", "NA"]
        }.measuring("count", "/v/*") {
            $0.reduction = .count
            $0.sentinels = ["-1", "NA"]
        }.measuring("all", "/v/*") { $0.reduction = .count }
        #expect(
            bench.decode(#"{"v":[3,-1,4,"NA",-1.0]}"#).readings == ["sum 7.0", "count 2.0", "all 5.0"])
    }

    @Test("in CSV a sentinel is a cell")
    func csv() {
        let bench = DecodeBench(.csv).measuring("a", "a") { $0.sentinels = ["-999", "n/a"] }
            .measuring("b", "b")
        #expect(
            bench.decode("a,b\n-999,1\nn/a,2\n-999.0,3\n4,5\n").readings == [
                "b 1.0", "b 2.0", "b 3.0", "a 4.0", "b 5.0",
            ])
    }

    @Test("a ratio without one of its parts is none")
    func ratio() {
        let bench = DecodeBench().measuring("a", kind: .ratio) {
            $0.numerator = "/n"
            $0.denominator = "/d"
            $0.sentinels = ["-1"]
        }
        #expect(bench.decode(#"{"n":-1,"d":4}"#).rejection == .noReadings)
        #expect(bench.decode(#"{"n":1,"d":-1}"#).rejection == .noReadings)
    }

    @Test("a message that says what its profile excludes is refused, as a boolean, a number or a word")
    func exceptions() {
        let bench = DecodeBench().with {
            $0.wire.exceptions = [("/simulated", ["true"]), ("/port", ["0", "200"]), ("/x/kind", ["test"])]
        }.measuring("a", "/a")
        let outcome = bench.decode(#"{"a":1,"simulated":true}"#)
        #expect(outcome.rejection == .excluded)
        #expect(outcome.offset == 19)
        #expect(bench.decode(#"{"port":200,"a":1}"#).rejection == .excluded)
        #expect(bench.decode(#"{"x":{"kind":"test"},"a":1}"#).rejection == .excluded)
        #expect(bench.decode(#"{"x":{"kind":"t\u0065st"},"a":1}"#).rejection == .excluded)
        #expect(
            bench.decode(#"{"simulated":false,"port":2,"x":{"kind":"tests"},"a":1}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"simulated":null,"a":1}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"simulated":[true],"a":1}"#).readings == ["a 1.0"])
    }

    @Test("a field that must not be there at all excludes a message, whatever it is")
    func presence() {
        let bench = DecodeBench().with { $0.wire.exceptions = [("/list/1", [])] }.measuring("a", "/list/0/a")
        for other in [#"{"a":2}"#, "[]", "7", #""x""#, "false"] {
            #expect(bench.decode(#"{"list":[{"a":1},\#(other)]}"#).rejection == .excluded)
        }
        #expect(bench.decode(#"{"list":[{"a":1}]}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"list":[{"a":1},null]}"#).readings == ["a 1.0"])
    }

    @Test("a number from 2^53 on is kept without a warrant: its last digits may be gone")
    func large() {
        let bench = DecodeBench().measuring("a", "/a", valid: -1e19...1e19)
        #expect(bench.decode(#"{"a":9007199254740991}"#).readings == ["a 9007199254740991.0"])
        #expect(bench.decode(#"{"a":9007199254740993}"#).readings == ["a 9007199254740992.0 uncertain"])
        #expect(bench.decode(#"{"a":-9007199254740992}"#).readings == ["a -9007199254740992.0 uncertain"])
        #expect(bench.decode(#"{"a":1e18}"#).readings == ["a 1e+18 uncertain"])
        #expect(bench.decode(#"{"a":1e20}"#).readings == ["a 1e+20 bad"])
        let sum = DecodeBench().measuring("a", "/v/*") { $0.reduction = .sum }
        #expect(sum.decode(#"{"v":[9007199254740991,1]}"#).readings == ["a 9007199254740992.0 uncertain"])
        let ratio = DecodeBench().measuring("a", kind: .ratio) {
            $0.numerator = "/n"
            $0.denominator = "/d"
        }
        #expect(
            ratio.decode(#"{"n":1,"d":9007199254740993}"#).readings == ["a 1.0/9007199254740992.0 uncertain"])
    }

    @Test("a message number is exact to 64 bits: two that are one as doubles are two")
    func sequences() {
        let bench = DecodeBench().with { $0.wire.sequenceField = "/n" }.measuring("a", "/a")
        #expect(bench.decode(#"{"n":9007199254740992,"a":1}"#).sequence == 9_007_199_254_740_992)
        #expect(bench.decode(#"{"n":9007199254740993,"a":1}"#).sequence == 9_007_199_254_740_993)
        #expect(bench.decode(#"{"n":"9007199254740993","a":1}"#).sequence == 9_007_199_254_740_993)
        #expect(bench.decode(#"{"n":9223372036854775807,"a":1}"#).sequence == .max)
        #expect(bench.decode(#"{"n":9223372036854775808,"a":1}"#).rejection == .missingSequence)
        #expect(bench.decode(#"{"n":18446744073709551617,"a":1}"#).rejection == .missingSequence)
        #expect(bench.decode(#"{"n":1e17,"a":1}"#).rejection == .missingSequence)
    }
}
