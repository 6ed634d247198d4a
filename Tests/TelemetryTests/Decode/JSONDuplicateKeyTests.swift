import Testing

@testable import Telemetry

/// RFC 8259 section 4 leaves open what a key means that stands twice. It is refused where a profile reads it, and not
/// looked for anywhere else: a set of all keys of a message would cost more than the message.
@Suite("Keys that stand twice")
struct JSONDuplicateKeyTests {
    private let bench = DecodeBench().measuring("a", "/a").measuring("b", "/x/b").measuring("c", "/x/y/c")

    @Test("a key the profile reads may stand once, also if both say the same")
    func leaves() {
        let outcome = bench.decode(#"{"a":1,"z":0,"a":2}"#)
        #expect(outcome.rejection == .duplicateKey)
        #expect(outcome.offset == 13)
        #expect(bench.decode(#"{"a":1,"a":1}"#).rejection == .duplicateKey)
        #expect(bench.decode(#"{"a":null,"a":1}"#).rejection == .duplicateKey)
    }

    @Test("so may each key on the way to it")
    func containers() {
        let outcome = bench.decode(#"{"x":{"b":1},"x":{"y":{"c":2}}}"#)
        #expect(outcome.rejection == .duplicateKey)
        #expect(outcome.offset == 13)
        #expect(bench.decode(#"{"x":1,"x":{"b":1}}"#).rejection == .duplicateKey)
        #expect(bench.decode(#"{"x":{"y":{"c":1,"c":1}}}"#).offset == 17)
    }

    @Test("two spellings of a key are one key")
    func escapes() {
        #expect(bench.decode(#"{"a":1,"\u0061":2}"#).rejection == .duplicateKey)
    }

    @Test("keys the profile does not read may stand as often as they like, wherever they are")
    func others() {
        #expect(bench.decode(#"{"z":1,"z":2,"a":1}"#).readings == ["a 1.0"])
        #expect(bench.decode(#"{"x":{"z":1,"z":{"b":1},"b":2},"z":{"a":1,"a":1}}"#).readings == ["b 2.0"])
    }

    @Test("what lies under a star is a list of values, not of keys")
    func stars() {
        let all = DecodeBench().measuring("sum", "/v/*") { $0.reduction = .sum }
        #expect(all.decode(#"{"v":{"a":1,"a":2}}"#).readings == ["sum 3.0"])
        #expect(all.decode(#"{"v":{"a":1},"v":{"a":2}}"#).rejection == .duplicateKey)
    }

    @Test("the same key in two records is two keys")
    func records() {
        let records = DecodeBench().with { $0.wire.recordsField = "/r/*" }.measuring("v", "./o/v")
        #expect(records.decode(#"{"r":[{"o":{"v":1}},{"o":{"v":2}}]}"#).readings == ["v 1.0", "v 2.0"])
        let outcome = records.decode(#"{"r":[{"o":{"v":1}},{"o":{"v":2,"v":3}}]}"#)
        #expect(outcome.rejection == .duplicateKey)
        #expect(outcome.offset == 32)
    }

    @Test("what one message said does not count for the next, however many fields a profile has")
    func manyFields() throws {
        var bench = DecodeBench()
        for index in 0..<200 { bench = bench.measuring("m\(index)", "/p\(index)/q\(index)/v") }
        let format = try bench.wire.compile(for: bench.measurements)
        let scratch = DecodeScratch(limits: bench.limits)
        func decode(_ text: String) -> Rejection? {
            var message = DecodedMessage()
            let device = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            return Array(text.utf8).withUnsafeBytes {
                format.decode($0, device: device, now: DecodeBench.now, into: scratch, &message)
            }
        }
        let last = #""p199":{"q199":{"v":1}}"#
        for _ in 0..<3 { #expect(decode("{\(last)}") == nil) }
        #expect(decode("{\(last),\(last)}")?.reason == .duplicateKey)
        #expect(decode("{\(last)}") == nil)
    }
}
