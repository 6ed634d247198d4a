import Testing

@testable import Telemetry

@Suite("Elements found by what they say of themselves")
struct JSONSelectionTests {
    private let bench = DecodeBench().measuring("t", "/[variable=t]/value")
        .measuring("h", "/[variable=độ ẩm]/value")

    @Test("a two-key array is read in any order of elements and members, past everything else")
    func twoKeys() {
        let payload = #"[{"value":44,"variable":"độ ẩm"},7,null,[1],{"value":5},{"variable":"x","value":6},"#
        #expect(bench.decode(payload + #"{"variable":"t","value":1.5}]"#).readings == ["t 1.5", "h 44.0"])
        #expect(bench.decode(#"[{"variable":"\u0074","value":2}]"#).readings == ["t 2.0"])
        #expect(bench.decode(#"[{"v\u0061riable":"t","value":2}]"#).readings == ["t 2.0"])
        #expect(bench.decode("[]").rejection == .noReadings)
        #expect(bench.decode(#"[{"variable":["t"],"value":2}]"#).rejection == .noReadings)
    }

    @Test("numbers and booleans are compared as they are written")
    func words() {
        let bench = DecodeBench().measuring("a", "/[id=17]/v").measuring("b", "/[id=true]/v")
        #expect(bench.decode(#"[{"id":17,"v":1},{"id":true,"v":2}]"#).readings == ["a 1.0", "b 2.0"])
        #expect(bench.decode(#"[{"id":"17","v":1},{"id":17.0,"v":2}]"#).readings == ["a 1.0"])
    }

    @Test("two elements that say the same are a key that stands twice")
    func twice() {
        let payload = #"[{"variable":"t","value":1},{"variable":"t","value":2}]"#
        #expect(bench.decode(payload).rejection == .duplicateKey)
        #expect(bench.decode(payload).offset == 28)
        #expect(bench.decode(#"[{"variable":"t","variable":"x","value":1}]"#).offset == 17)
        #expect(
            bench.decode(#"[{"variable":"x","value":1},{"variable":"x","value":2}]"#).rejection == .noReadings
        )
    }

    @Test("what was looked ahead through is still read in full: a fault in it has its place")
    func faults() {
        #expect(bench.decode(#"[{"value":x,"variable":"t"}]"#).offset == 10)
        #expect(bench.decode(#"[{"value":1,"variable":"t""#).rejection == .notJSON)
        #expect(bench.decode(#"[{"value":"warm","variable":"t"}]"#).rejection == .notANumber)
        let deep = bench.with { $0.limits.depth = 3 }
        #expect(deep.decode(#"[{"variable":"t","value":1,"x":[1]}]"#).readings == ["t 1.0"])
        #expect(deep.decode(#"[{"variable":"t","value":1,"x":[[1]]}]"#).rejection == .tooDeep)
    }

    @Test("records may lie inside, and selections one inside the other")
    func records() {
        let bench = DecodeBench().with {
            $0.wire.recordsField = "/sensors/[sensor=RE0012]/observations/*"
        }.measuring("v", "./value")
        let payload = #"{"sensors":[{"observations":[{"value":9}],"sensor":"RE0011"},"#
        #expect(
            bench.decode(payload + #"{"observations":[{"value":1},{"value":2}],"sensor":"RE0012"}]}"#)
                .readings
                == ["v 1.0", "v 2.0"])
        let nested = DecodeBench().measuring("v", "/[a=1]/list/[b=2]/v")
        #expect(nested.decode(#"[{"list":[{"v":5,"b":2},{"v":6,"b":3}],"a":1}]"#).readings == ["v 5.0"])
    }

    @Test("a selection stands beside others by the same member and beside nothing else")
    func conflicts() throws {
        func path(_ text: String) throws -> FieldPath { try FieldPath(text, records: nil) }
        #expect(try !path("/[a=1]/v").conflicts(with: path("/[a=2]/v")))
        #expect(try !path("/[a=1]/v").conflicts(with: path("/[a=1]/w")))
        #expect(try path("/[a=1]/v").conflicts(with: path("/[b=1]/v")))
        #expect(try path("/[a=1]/v").conflicts(with: path("/0/v")))
        #expect(try path("/[a=1]/v").conflicts(with: path("/*/v")))
        #expect(try path("/[a=1]").conflicts(with: path("/[a=1]/v")))
    }

    @Test("brackets without both parts are a plain key")
    func plainKeys() {
        #expect(ElementSelection("[a=1]")?.member == "a")
        #expect(ElementSelection("[a=]")?.word == "")
        #expect(ElementSelection("[a=b=c]")?.word == "b=c")
        for token in ["a", "[a]", "[=1]", "[a=1", "a=1]", "[]", "", "[", "*"] {
            #expect(ElementSelection(token) == nil, "\(token)")
        }
        #expect(DecodeBench().measuring("v", "/[a]").decode(#"{"[a]":1}"#).readings == ["v 1.0"])
        #expect(DecodeBench().measuring("v", "/[k=*]/v").decode(#"[{"k":"*","v":1}]"#).readings == ["v 1.0"])
    }
}
