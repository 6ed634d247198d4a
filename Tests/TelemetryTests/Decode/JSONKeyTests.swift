import Testing

@testable import Telemetry

@Suite("JSON members are found by their keys")
struct JSONKeyTests {
    private let bench = DecodeBench()
        .measuring("a", "/temperature1").measuring("b", "/temperature2").measuring("c", "/t")
        .measuring("d", "/nhiệt độ").measuring("e", "/say \"hi\"").measuring("f", "/")

    private static let members = [
        #""temperature1":1"#, #""temperature2":2"#, #""t":3"#, #""nhiệt độ":4"#, #""say \"hi\"":5"#, #""":6"#,
        #""temperature":7"#, #""temperature11":8"#, #""T":9"#, #""tt":{"t":10}"#,
    ]

    @Test("in whatever order they come, and whatever stands between them")
    func order() {
        var members = Self.members
        for turn in 0..<members.count * 3 {
            members.append(members.removeFirst())
            if turn % 2 == 0 { members.swapAt(turn % 7, 9 - turn % 5) }
            for comma in [",", " ,\n  "] {
                let outcome = bench.decode("{" + members.joined(separator: comma) + "}")
                #expect(
                    outcome.readings == ["a 1.0", "b 2.0", "c 3.0", "d 4.0", "e 5.0", "f 6.0"], "\(members)")
            }
        }
    }

    @Test("however they are written")
    func spelling() {
        let written = #"{"\u0074emperature1" : 1 , "temperatur\u00652":2,"nhi\u1ec7t \u0111\u1ed9":4}"#
        #expect(bench.decode(written).readings == ["a 1.0", "b 2.0", "d 4.0"])
    }

    @Test("a key that is quoted in itself does not stand for the one it begins with")
    func quotes() {
        #expect(bench.decode(#"{"say "hi"":5}"#).rejection == .notJSON)
    }

    @Test("twice is refused, whichever way they are found")
    func duplicates() {
        for (first, second) in [
            ("temperature1", "temperature1"), ("t", #"\u0074"#), ("nhiệt độ", "nhiệt độ"),
        ] {
            let outcome = bench.decode("{\"\(first)\":1,\"\(second)\":2}")
            #expect(outcome.rejection == .duplicateKey)
            #expect(outcome.offset == first.utf8.count + 6)
        }
    }
}
