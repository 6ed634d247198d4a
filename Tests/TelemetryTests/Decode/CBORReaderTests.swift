import TestSupport
import Testing

@testable import Telemetry

@Suite("CBOR (RFC 8949)")
struct CBORReaderTests {
    private func diagnose(_ hexadecimal: String, depth: Int = 16) -> Result<String, Rejection> {
        CBORText.diagnose(CBORText.bytes(hexadecimal), depth: depth)
    }

    @Test("every example of appendix A is what is written beside it", arguments: CBORExamples.wellFormed)
    func wellFormed(_ example: (hexadecimal: String, notation: String)) throws {
        #expect(try diagnose(example.hexadecimal).get() == example.notation)
    }

    @Test("an example that ends early, or goes on, is refused", arguments: CBORExamples.wellFormed)
    func cut(_ example: (hexadecimal: String, notation: String)) {
        let bytes = CBORText.bytes(example.hexadecimal)
        for count in 1..<bytes.count {
            let rejection = CBORText.diagnose(Array(bytes[..<count])).failure
            #expect(rejection == Rejection(.notCBOR, at: count), "the first \(count) bytes")
        }
        #expect(CBORText.diagnose(bytes + [0]).failure == Rejection(.notCBOR, at: bytes.count))
    }

    @Test(
        "what is not well-formed is refused where it is wrong (appendix F)", arguments: CBORExamples.malformed
    )
    func malformed(_ example: (hexadecimal: String, offset: Int)) {
        #expect(diagnose(example.hexadecimal).failure == Rejection(.notCBOR, at: example.offset))
        #expect(CBORText.value(example.hexadecimal) == nil)
    }

    @Test(
        "a text must be UTF-8, and so must each piece of one (section 3.2.3)",
        arguments: [("62c328", 1), ("61ff", 1), ("63eda080", 1), ("7f61c361bcff", 2), ("62e282", 1)])
    func text(_ hexadecimal: String, _ offset: Int) {
        #expect(diagnose(hexadecimal).failure == Rejection(.notCBOR, at: offset))
    }

    @Test("what is nested too deep is refused at the first container beyond, however it is nested")
    func depth() {
        let containers = ["81", "9f", "a100", "bf00", "a1"]
        for container in containers {
            let width = container.utf8.count / 2
            let deep = String(repeating: container, count: 100_000)
            #expect(diagnose(deep, depth: 3).failure == Rejection(.tooDeep, at: 3 * width))
            #expect(CBORText.value(deep, depth: 3) == nil)
        }
        #expect((try? diagnose("818180", depth: 3).get()) == "[[[]]]")
        #expect(diagnose("818180", depth: 2).failure == Rejection(.tooDeep, at: 2))
    }

    @Test("any number of tags may stand before a value, and none is followed in depth")
    func tags() {
        let value = CBORText.value(String(repeating: "c1", count: 100_000) + "07")
        #expect(value?.number == 7)
        #expect(CBORText.value(String(repeating: "c4", count: 100_000) + "820107")?.kind == .unusable)
        #expect(CBORText.value(String(repeating: "c482", count: 100_000), depth: 8) == nil)
    }

    @Test("a length beyond the end is refused, also one beyond what an integer counts")
    func lengths() {
        for head in ["5b", "7b", "9b", "bb"] {
            for length in ["ffffffffffffffff", "8000000000000000", "7fffffffffffffff", "00000000ffffffff"] {
                let rejection = diagnose(head + length + "00").failure
                #expect(rejection == Rejection(.notCBOR, at: 10))
            }
        }
    }

    @Test("bytes at random are read or refused, and never more than there are")
    func random() {
        var generator = SeededGenerator(seed: 8_949)
        for round in 0..<200_000 {
            let count = Int.random(in: 1...24, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let notation = CBORText.diagnose(bytes, depth: 4)
            let isRead = bytes.withUnsafeBytes { bytes in
                var reader = CBORReader(bytes, depth: 4)
                let isRead = reader.skip() && reader.finish()
                #expect(isRead == (reader.rejection == nil))
                #expect((0...bytes.count).contains(reader.rejection?.offset ?? 0))
                return isRead
            }
            #expect(isRead == (notation.failure == nil), "round \(round) of seed 8949: \(bytes)")
        }
    }
}

extension Result where Failure == Rejection {
    var failure: Rejection? { if case .failure(let rejection) = self { rejection } else { nil } }
}
