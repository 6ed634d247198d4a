import Testing

@testable import Telemetry

@Suite("A value found in a payload")
struct FieldValueTests {
    private static let last = Int32(DecodeLimits().payloadBytes)

    @Test(
        "keeps its kind and its place, wherever in a payload it stands", arguments: FieldValue.Kind.allCases)
    func place(_ kind: FieldValue.Kind) {
        for (start, end) in [(0, 0), (0, 1), (7, Self.last), (Self.last - 1, Self.last)] as [(Int32, Int32)] {
            var value = FieldValue(number: -1.5, start: start, end: end, kind: kind)
            #expect(value.kind == kind && value.start == start && value.end == end && value.number == -1.5)
            value.end -= end - start
            value.start += end - start
            value.kind = .unusable
            #expect(
                value.kind == .unusable && value.start == end && value.end == start && value.number == -1.5)
        }
    }

    @Test("has room for places in a payload of 256 MiB, thousands of times the limit")
    func room() {
        let value = FieldValue(start: 1 << 28 - 2, end: 1 << 28 - 1, kind: .text)
        #expect(value.start == 1 << 28 - 2 && value.end == 1 << 28 - 1)
    }

    @Test("is absent unless it is said what it is")
    func absent() {
        #expect(FieldValue.absent.kind == .absent && FieldValue().start == 0 && FieldValue().end == 0)
    }
}
