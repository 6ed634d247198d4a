import Testing

@testable import Telemetry

/// Every text below is written from the grammar of RFC 8259, section by section: all of the first kind must be taken and
/// all of the second refused. The bench reads member `a` and the whole text stands beside it, where nobody looks, and
/// also alone, where it is the value itself.
@Suite("JSON, accepted and refused (RFC 8259)")
struct JSONConformanceTests {
    private static let accepted = [
        // 2: six structural characters, with any white space around.
        "[]", "{}", "[ ]", "{\t}", "\n[\r1 ,\t2\n]", #"{ "k" : 1 , "l" : [ ] }"#, "[[],{}]",
        // 3: values may stand alone.
        "true", "false", "null", "0", #""""#, " 1 ",
        // 4: names are strings, any string, and also unlike names may look alike.
        #"{"":1}"#, #"{"a b":1,"A b":2}"#, #"{"\u0000":1}"#, #"{"k":{"k":{"k":1}}}"#,
        // 5: values of an array may differ in kind.
        #"[1,"1",null,true,[1],{"k":1}]"#,
        // 6: numbers.
        "-0", "-0.0", "0e0", "0E+0", "0.0e-0", "1e5", "1E5", "1e+05", "1e-05", "1.25E-3", "-1", "10",
        "-10.01",
        "123456789012345678901234567890", "0.000000000000000000000000000001", "1e308", "4.9e-324", "1e-400",
        "-1e-999999", "0e999999", "0.0000e400",
        "1.7976931348623157e308",
        // 7: strings.
        #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\uABCD\uabcd""#, #""\ud83d\ude00""#, "\"\u{7F}\"",
        "\"\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"", "\"\u{2028}\u{2029}\"", #""/""#,
        // 8.2: lone halves of a pair follow the grammar, though they name no character.
        #""\ud83d""#, #""\ude00\ud83d""#, #""\ud83dx""#,
    ]

    private static let refused = [
        // 2
        "", " ", "\n", "[", "]", "{", "}", "[1", "1]", "[1,", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1;2]",
        "[1}", "{]",
        #"{"k"}"#, #"{"k":}"#, #"{"k":1,}"#, #"{,"k":1}"#, #"{"k" 1}"#, #"{"k"::1}"#, #"{"k":1 "l":2}"#,
        #"{"k",1}"#,
        "[1]]", "[1][2]", "1 2", "{}{}", "[\u{B}1]", "[\u{C}1]", "[\u{A0}1]", "[1]\u{FEFF}", "[\u{85}1]",
        // 3
        "True", "TRUE", "tru", "truex", "nul", "nil", "undefined", "NaN", "-NaN", "Infinity", "-Infinity",
        "inf",
        "t", "f", "n", "fals", "none",
        // 4
        "{k:1}", "{1:1}", "{null:1}", "{'k':1}", #"{"k":1,"l"}"#, #"{["k"]:1}"#, #"{"k\":1}"#,
        // 6
        "+1", "-", "--1", "- 1", "01", "-01", "00", "1.", ".1", "-.1", "1.e1", "1e", "1e+", "1e-", "1e1.5",
        "1e1e1",
        "1E+-1", "0x10", "1_000", "1,5", "1f", "1d", "0b1", "0o7", "１", "1e400", "-1e400", "1e999999",
        "0.1e310",
        "1.8e308",
        // 7
        #"""#, #"""""#, "\"", #""a"#, "'a'", "a", #""\x41""#, #""\a""#, #""\0""#, #""\'""#, #""\u""#,
        #""\u0""#,
        #""\u004""#, #""\u004g""#, #""\U0041""#, #""\u+041""#, #""\u 041""#, #""\""#, "\"\u{0}\"",
        "\"\u{1}\"",
        "\"\n\"", "\"\t\"", "\"\r\"", "\"\u{1F}\"", "\"\\\n\"",
        // Not JSON, though some readers take it.
        "// c\n1", "/* c */1", "1//", "#1", "[1,/**/2]", "<a/>", "(1)", "1\u{0}2", "\u{0}1", "1\u{0}\u{0}",
    ]

    @Test(
        "what follows the grammar is taken, as a value nobody reads and as the whole text",
        arguments: accepted)
    func takes(_ text: String) {
        let bench = DecodeBench().measuring("a", "/a")
        #expect(bench.decode("{\"b\":\(text),\"a\":1}").readings == ["a 1.0"])
        #expect(bench.decode("{\"a\":1,\"b\":[{\"c\":\(text)}]}").readings == ["a 1.0"])
        #expect(bench.decode(text).rejection != .notJSON)
        if case .failure(let fault) = JSONLeaves.list(Array(text.utf8)) { Issue.record("\(fault)") }
    }

    @Test("what does not is refused, wherever it stands", arguments: refused)
    func refuses(_ text: String) {
        let bench = DecodeBench().measuring("a", "/a")
        #expect(bench.decode("{\"b\":\(text),\"a\":1}").rejection != nil)
        #expect(bench.decode("{\"a\":1,\"b\":[{\"c\":\(text)}]}").rejection != nil)
        #expect(bench.decode(text).rejection == .notJSON)
        #expect(DecodeBench().measuring("a", "").decode(text).rejection == .notJSON)
    }

    @Test(
        "bytes that are no UTF-8 are refused in names and in values",
        arguments: [
            [0x80], [0xBF], [0xC0, 0xAF], [0xC1, 0x81], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE2, 0x82],
            [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) {
        let bench = DecodeBench().measuring("a", "/a")
        let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect(bench.decode(Array(#"{"a":1,"b":"#.utf8) + quoted + Array("}".utf8)).rejection == .notJSON)
        #expect(bench.decode(Array(#"{"a":1,"#.utf8) + quoted + Array(":1}".utf8)).rejection == .notJSON)
        #expect(bench.decode(quoted).rejection == .notJSON)
    }

    @Test("brackets may be nested as deep as the limit and not one deeper, also a hundred thousand deep")
    func depth() {
        let bench = DecodeBench().measuring("a", "/a")
        func nested(_ depth: Int) -> String {
            "{\"b\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                + ",\"a\":1}"
        }
        #expect(bench.decode(nested(bench.limits.depth - 1)).readings == ["a 1.0"])
        #expect(bench.decode(nested(bench.limits.depth)).rejection == .tooDeep)
        let wide = bench.with { $0.limits.payloadBytes = 1 << 20 }
        #expect(wide.decode(String(repeating: "[", count: 100_000)).rejection == .tooDeep)
        #expect(wide.decode(String(repeating: "{\"a\":", count: 100_000)).rejection == .tooDeep)
    }

    @Test("every text that was cut off is refused or was whole before")
    func cut() {
        let bench = DecodeBench().measuring("a", "/a")
        for text in Self.accepted {
            let whole = Array("{\"a\":1,\"b\":\(text)}".utf8)
            for count in 0..<whole.count {
                #expect(bench.decode(Array(whole[..<count])).rejection == .notJSON, "\(text) at \(count)")
            }
        }
    }
}

extension DecodeBench {
    /// UTF-16 with its mark, as Windows writes text.
    static func utf16(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
}
