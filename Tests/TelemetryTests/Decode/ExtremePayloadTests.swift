import Testing

@testable import Telemetry

@Suite("Numbers at the end of what a double holds")
struct ExtremePayloadTests {
    private let ratio = DecodeBench().with {
        $0.measurements = []
    }.measuring("share", kind: .ratio, valid: -1...1) {
        $0.numerator = "/a/*"
        $0.denominator = "/b/*"
        $0.reduction = .sum
    }

    @Test("a ratio of infinities is no number")
    func infinity() {
        #expect(ratio.decode(#"{"a":[1e308,1e308],"b":[1]}"#).rejection == .notANumber)
        #expect(ratio.decode(#"{"a":[1],"b":[1e308,1e308]}"#).rejection == .notANumber)
        #expect(ratio.decode(#"{"a":[1e300],"b":[1e-300]}"#).rejection == .notANumber)
        #expect(ratio.decode(#"{"a":[3],"b":[4]}"#).readings == ["share 3.0/4.0"])
    }

    @Test("a ratio within its limits is bad where its parts could not be summed")
    func sums() {
        #expect(ratio.decode(#"{"a":[-1.5e308],"b":[1.5e308]}"#).readings == ["share -1.5e+308/1.5e+308 bad"])
        #expect(ratio.decode(#"{"a":[0],"b":[1.5e308]}"#).readings == ["share 0.0/1.5e+308 bad"])
    }

    @Test("the place of what was reduced is not the number of its values")
    func offset() {
        let sum = DecodeBench().measuring("a", "/a/*") { $0.reduction = .sum }
        let outcome = sum.decode(#"{"a":[1e308,1e308,1e308]}"#)
        #expect(outcome.rejection == .notANumber)
        #expect(outcome.offset == 0)
    }

    @Test("a time that no clock shows is no time, also where a pack is only listed")
    func listing() {
        for time in ["1e300", "-1e300", "9.3e15"] {
            let payload = Array(#"[{"bt":\#(time),"n":"a","v":1}]"#.utf8)
            switch SenMLListing.list(payload, now: DecodeBench.now) {
            case .success(let records): Issue.record("listed \(records)")
            case .failure(let rejection): #expect(rejection.reason == .notATime)
            }
        }
    }
}

@Suite("Booleans where the profile has words")
struct BooleanWordTests {
    private let inverse: [(word: String, value: Double)] = [("false", 1), ("true", 0)]

    @Test("are words like others: an enum says what true is")
    func words() {
        let json = DecodeBench().measuring("a", "/a", kind: .state) { $0.words = inverse }
        #expect(json.decode(#"{"a":true}"#).readings == ["a 0.0"])
        #expect(json.decode(#"{"a":false}"#).readings == ["a 1.0"])
        let scalar = DecodeBench(.scalar).measuring("a", kind: .state) { $0.words = inverse }
        #expect(scalar.decode("true").readings == ["a 0.0"])
        let senml = DecodeBench(.senml).measuring("a", "a", kind: .state) { $0.words = inverse }
        #expect(senml.decode(#"[{"n":"a","vb":false}]"#).readings == ["a 1.0"])
    }

    @Test("are 1 and 0 where no word names them")
    func noWords() {
        let plain = DecodeBench().measuring("a", "/a", kind: .state)
        #expect(plain.decode(#"{"a":true}"#).readings == ["a 1.0"])
        let other = DecodeBench().measuring("a", "/a", kind: .state) { $0.words = [("on", 2), ("off", 3)] }
        #expect(other.decode(#"{"a":false}"#).readings == ["a 0.0"])
        let pack = DecodeBench(.senml).measuring("a", "a", kind: .state) { $0.words = [("on", 2)] }
        #expect(pack.decode(#"[{"n":"a","vb":true}]"#).readings == ["a 1.0"])
    }
}
