import Testing

@testable import Telemetry

@Suite("JSON payloads")
struct JSONPayloadTests {
    @Test("a pointer finds members, elements and escaped keys")
    func pointers() {
        let bench = DecodeBench().measuring("a", "/x/y").measuring("b", "/list/1").measuring("c", "/m~1s")
            .measuring("d", "/t~0").measuring("e", "/").measuring("f", "/ồn ào")
        let payload = #"{"list":[1,2,3],"x":{"y":4,"z":5},"m/s":6,"t~":7,"":8,"ồn ào":9}"#
        #expect(bench.decode(payload).readings == ["a 4.0", "b 2.0", "c 6.0", "d 7.0", "e 8.0", "f 9.0"])
    }

    @Test("a key written with escapes is the same key")
    func escapedKeys() {
        let bench = DecodeBench().measuring("a", "/m~1s").measuring("b", "/độ").measuring("c", "/😀")
        let payload = #"{"m\/s":1,"\u0111\u1ed9":2,"\ud83d\ude00":3}"#
        #expect(bench.decode(payload).readings == ["a 1.0", "b 2.0", "c 3.0"])
    }

    @Test("an index has no sign and no leading zero", arguments: ["/01", "/+1", "/-1"])
    func badIndex(_ pointer: String) {
        #expect(DecodeBench().measuring("a", pointer).decode("[1,2]").rejection == .noReadings)
    }

    @Test("the root itself may be the value")
    func root() {
        #expect(DecodeBench().measuring("a", "").decode(" 12.5 ").readings == ["a 12.5"])
    }

    @Test(
        "several values become one as the profile says",
        arguments: [
            (Reduction.sum, 9.0), (.mean, 3.0), (.min, 1.0), (.max, 5.0), (.first, 1.0), (.last, 5.0),
            (.count, 3.0),
        ])
    func reduce(_ reduction: Reduction, _ expected: Double) {
        let bench = DecodeBench().measuring("a", "/lanes/*/n") { $0.reduction = reduction }
        #expect(
            bench.decode(#"{"lanes":[{"n":1},{"n":3},{"x":9},{"n":null},{"n":5}]}"#).readings == [
                "a \(expected)"
            ])
        #expect(
            bench.decode(#"{"lanes":{"p":{"n":1},"q":{"n":3},"r":{"n":5}}}"#).readings == ["a \(expected)"])
        #expect(bench.decode(#"{"lanes":[]}"#).rejection == .noReadings)
    }

    @Test("the same values may be reduced in two ways")
    func twoReductions() {
        let bench = DecodeBench().measuring("sum", "/n/*") { $0.reduction = .sum }
            .measuring("max", "/n/*") { $0.reduction = .max }.measuring("count", "/n/*") {
                $0.reduction = .count
            }
        #expect(bench.decode(#"{"n":[1,5,2]}"#).readings == ["sum 8.0", "max 5.0", "count 3.0"])
    }

    @Test("whatever is not null can be counted")
    func count() {
        let bench = DecodeBench().measuring("a", "/alarms/*") { $0.reduction = .count }
        #expect(bench.decode(#"{"alarms":[{"id":1},"x",null,true,7]}"#).readings == ["a 4.0"])
    }

    @Test("a word among numbers spoils their sum")
    func spoiled() {
        let bench = DecodeBench().measuring("a", "/n/*") { $0.reduction = .sum }
        #expect(bench.decode(#"{"n":[1,"two",3]}"#).rejection == .notANumber)
        let text = DecodeBench().measuring("a", "/n/*") {
            $0.reduction = .sum
            $0.numbersAreText = true
        }
        #expect(text.decode(#"{"n":[1,"2.5",3]}"#).readings == ["a 6.5"])
    }

    @Test("one field may serve two measurements")
    func shared() {
        let bench = DecodeBench().measuring("a", "/v").measuring("b", "/v") { $0.scale = 2 }
        #expect(bench.decode(#"{"v":3}"#).readings == ["a 3.0", "b 6.0"])
    }

    @Test("scale comes before offset and both before the limits")
    func scale() {
        let bench = DecodeBench().measuring("a", "/v", valid: 0...10) {
            $0.scale = 0.1
            $0.offset = -40
        }
        #expect(bench.decode(#"{"v":450}"#).readings == ["a 5.0"])
        #expect(bench.decode(#"{"v":600}"#).readings == ["a 20.0 bad"])
    }

    @Test("a default stands for what is absent or null, and for nothing else")
    func fallback() {
        let bench = DecodeBench().measuring("a", "/v") { $0.fallback = 0 }
        #expect(bench.decode("{}").readings == ["a 0.0"])
        #expect(bench.decode(#"{"v":null}"#).readings == ["a 0.0"])
        #expect(bench.decode(#"{"v":"x"}"#).rejection == .notANumber)
        #expect(bench.decode(#"{"v":{}}"#).rejection == .notANumber)
    }

    @Test("numbers in quotes are numbers only if the profile says so")
    func numbersAsText() {
        let bench = DecodeBench().measuring("a", "/v") { $0.numbersAreText = true }
        #expect(bench.decode(#"{"v":"12.5"}"#).readings == ["a 12.5"])
        #expect(bench.decode(#"{"v":12.5}"#).readings == ["a 12.5"])
        for text in ["12,5", " 12", "", "0x10", "1e", "NaN", "+1"] {
            #expect(bench.decode("{\"v\":\"\(text)\"}").rejection == .notANumber, "\(text)")
        }
        #expect(DecodeBench().measuring("a", "/v").decode(#"{"v":"12.5"}"#).rejection == .notANumber)
    }

    @Test("with a decimal comma a point is no mark, and neither is one for thousands")
    func decimalComma() {
        let bench = DecodeBench().measuring("a", "/v") {
            $0.numbersAreText = true
            $0.decimal = UInt8(ascii: ",")
            $0.sentinels = ["-9,9"]
        }
        #expect(bench.decode(#"{"v":"12,5"}"#).readings == ["a 12.5"])
        #expect(bench.decode(#"{"v":"-0,25e1"}"#).readings == ["a -2.5"])
        #expect(bench.decode(#"{"v":"12"}"#).readings == ["a 12.0"])
        #expect(bench.decode(#"{"v":12.5}"#).readings == ["a 12.5"])
        #expect(bench.decode(#"{"v":"-9,9"}"#).rejection == .noReadings)
        for text in ["12.5", "1.234,5", "1,234,5", ",5", "5,"] {
            #expect(bench.decode("{\"v\":\"\(text)\"}").rejection == .notANumber, "\(text)")
        }
        let sum = DecodeBench().measuring("a", "/v/*") {
            $0.numbersAreText = true
            $0.decimal = UInt8(ascii: ",")
            $0.reduction = .sum
        }
        #expect(sum.decode(#"{"v":["1,5","2"]}"#).readings == ["a 3.5"])
        #expect(sum.decode(#"{"v":["1.5","2"]}"#).rejection == .notANumber)
    }

    @Test("words are compared exactly, booleans are 1 and 0, and a word may be written with escapes")
    func words() {
        let bench = DecodeBench().measuring("a", "/v", kind: .state) {
            $0.words = [("mở", 1), ("đóng", 0), ("7", 7)]
        }
        #expect(bench.decode(#"{"v":"mở"}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"v":"m\u1edf"}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"v":"\u0111\u00f3ng"}"#).readings == ["a 0.0"])
        #expect(bench.decode(#"{"v":7}"#).readings == ["a 7.0"])
        #expect(bench.decode(#"{"v":true}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"v":"Mở"}"#).rejection == .notInEnum)
        #expect(bench.decode(#"{"v":"m\u1ee3"}"#).rejection == .notInEnum)
        #expect(bench.decode(#"{"v":8}"#).rejection == .notInEnum)
    }

    @Test("what overflows is refused, and what no instrument measures is bad: neither may reach a sum")
    func overflow() {
        let bench = DecodeBench().measuring("a", "/v") { $0.scale = 10 }
        #expect(bench.decode(#"{"v":1e308}"#).rejection == .notANumber)
        #expect(bench.decode(#"{"v":1e100}"#).readings == ["a 1e+101 bad"])
        let sum = DecodeBench().measuring("a", "/v/*") { $0.reduction = .sum }
        #expect(sum.decode(#"{"v":[1e308,1e308]}"#).rejection == .notANumber)
    }

    @Test("a ratio needs a denominator above 0 and is judged as a whole")
    func ratio() {
        let bench = DecodeBench().measuring("a", kind: .ratio, valid: 0...1) {
            $0.numerator = "/n"
            $0.denominator = "/d"
        }
        #expect(bench.decode(#"{"n":1,"d":4}"#).readings == ["a 1.0/4.0"])
        #expect(bench.decode(#"{"n":5,"d":4}"#).readings == ["a 5.0/4.0 bad"])
        #expect(bench.decode(#"{"n":0,"d":0}"#).rejection == .noReadings)
        #expect(bench.decode(#"{"n":1}"#).rejection == .noReadings)
    }
}
