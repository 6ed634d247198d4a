import Testing

@testable import Telemetry

@Suite("What is left of a refused payload")
struct RefusedPayloadTests {
    private func check(_ bench: DecodeBench, _ payload: String) throws {
        let format = try bench.wire.compile(for: bench.measurements)
        let scratch = DecodeScratch(limits: bench.limits)
        var message = DecodedMessage()
        var device = bench.device
        let rejection = device.withUTF8 { device in
            Array(payload.utf8).withUnsafeBytes {
                format.decode($0, device: device, now: DecodeBench.now, into: scratch, &message)
            }
        }
        #expect(rejection?.reason == .notANumber)
        #expect(scratch.decoded.isEmpty)
        #expect(message.sequence == -1)
        #expect(message.newestTime == .min)
        #expect(!message.hasTime)
    }

    @Test("is nothing, though readings before the fault were good")
    func nothing() throws {
        let numbered = DecodeBench().with {
            $0.wire.timeField = "/t"
            $0.wire.sequenceField = "/n"
        }
        try check(
            numbered.measuring("a", "/a").measuring("b", "/b"), #"{"t":1767574923000,"n":1,"a":1,"b":"x"}"#)
        let pack = DecodeBench(.senml).measuring("a", "a").measuring("b", "b") { $0.scale = 1e300 }
        try check(pack, #"[{"bt":1767574923,"n":"a","v":1},{"n":"b","v":1e300}]"#)
        try check(DecodeBench(.csv).measuring("a", "a"), "a\n1\nx\n")
    }
}
