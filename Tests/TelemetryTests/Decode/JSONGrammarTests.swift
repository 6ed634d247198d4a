import Testing

@testable import Telemetry

@Suite("JSON grammar (RFC 8259)")
struct JSONGrammarTests {
    private let bench = DecodeBench().measuring("a", "/a")

    @Test(
        "what is not JSON is refused, wherever it stands",
        arguments: [
            "", " ", "{", "{}}", #"{"a":1"#, #"{"a":1,}"#, #"{"a" 1}"#, "{a:1}", #"{'a':1}"#, #"{"a":01}"#,
            #"{"a":1.}"#,
            #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":1e}"#, #"{"a":-}"#, #"{"a":NaN}"#, #"{"a":Infinity}"#,
            #"{"a":tru}"#,
            #"{"a":1}{"a":2}"#, #"{"a":1} x"#, #"{"b":"\x","a":1}"#, #"{"b":"\u12g4","a":1}"#,
            "{\"b\":\"\n\",\"a\":1}",
            #"{"b":[1,],"a":1}"#, #"{"b":{"c"},"a":1}"#, #"["a",1"#, "// c\n{}",
        ])
    func malformed(_ payload: String) {
        #expect(bench.decode(payload).rejection == .notJSON)
    }

    @Test("spaces may stand between tokens, and a C string's NUL at the end")
    func spaces() {
        #expect(bench.decode(" {\t\"a\" :\r\n 1 } \n").readings == ["a 1.0"])
        #expect(bench.decode("{\"a\":1}\u{0}").readings == ["a 1.0"])
        #expect(bench.decode("{\"a\":1}\u{0}\u{0}").rejection == .notJSON)
    }

    @Test(
        "UTF-8 is checked, also in members nobody asked for",
        arguments: [
            [0xFF], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0x80], [0xE1, 0xBB],
        ] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) {
        let payload = Array(#"{"b":""#.utf8) + bytes + Array(#"","a":1}"#.utf8)
        #expect(bench.decode(payload).rejection == .notJSON)
    }

    @Test("the offset points at the fault")
    func offset() {
        #expect(bench.decode(#"{"a":x}"#).offset == 5)
        #expect(bench.decode(#"{"b":1,"a":"fast"}"#).offset == 12)
        #expect(bench.decode(#"{"a":1}}"#).offset == 7)
    }

    @Test("nesting is bounded, also where nobody looks")
    func depth() {
        let limited = bench.with { $0.limits.depth = 4 }
        #expect(limited.decode(#"{"b":[[[1]]],"a":1}"#).readings == ["a 1.0"])
        #expect(limited.decode(#"{"b":[[[[1]]]],"a":1}"#).rejection == .tooDeep)
        #expect(bench.decode(String(repeating: "[", count: 60_000)).rejection == .tooDeep)
    }

    @Test("a payload has its bytes and not one more")
    func size() {
        let limited = bench.with { $0.limits.payloadBytes = 8 }
        #expect(limited.decode(#"{"a": 1}"#).readings == ["a 1.0"])
        #expect(limited.decode(#"{"a":  1}"#).rejection == .tooLarge)
    }

    @Test("a byte order mark in front is stepped over, and only there")
    func byteOrderMark() {
        #expect(bench.decode("\u{FEFF}{\"a\":1}").readings == ["a 1.0"])
        #expect(bench.decode("\u{FEFF}\u{FEFF}{\"a\":1}").rejection == .notJSON)
        #expect(bench.decode(" \u{FEFF}{\"a\":1}").rejection == .notJSON)
        #expect(bench.decode("\u{FEFF}").rejection == .notJSON)
        #expect(bench.decode([0xEF, 0xBB] + Array(#"{"a":1}"#.utf8)).rejection == .notJSON)
        #expect(bench.decode(DecodeBench.utf16(#"{"a":1}"#)).rejection == .notJSON)
    }

    @Test("JSON that was made a string and sent as JSON is a string, and a string is no reading")
    func encodedTwice() {
        #expect(bench.decode(#""{\"a\":1}""#).rejection == .noReadings)
        #expect(bench.decode(#"{"a":"{\"v\":1}"}"#).rejection == .notANumber)
    }
}
