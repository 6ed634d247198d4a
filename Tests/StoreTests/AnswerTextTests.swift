import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Store

@Suite("The text of an answer")
struct AnswerTextTests {
    private func text(_ write: (inout AnswerText) -> Void) -> String {
        // Grows on the way.
        var text = AnswerText(capacity: 1)
        write(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// What the library's encoder makes of it.
    private func encoded(_ value: some Encodable) throws -> String {
        String(decoding: try AnswerCoding.encoder.encode([value]), as: UTF8.self).dropFirst().dropLast()
            .description
    }

    @Test("writes whole numbers of every length")
    func integers() {
        var numbers: [Int64] = [0, -1, .max, .min, 99_999_999, 100_000_000, 100_000_001, 1_767_546_000_000]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            numbers += [power - 1, power, -power, power + 7]
        }
        for number in numbers { #expect(text { $0.add(number) } == "\(number)") }
    }

    @Test("writes numbers with the fewest digits that are read back the same, as the encoder does")
    func numbers() throws {
        var chance = SeededGenerator(seed: 7)
        var numbers = [
            0, -0.0, 1, -1, 0.1, -0.1, 5.5, 100, 0.001, 0.0009999, 0.0001, 0.00001, 1e-7, 123_456.789,
            999_999_999.999999,
            1e9, 1e15, 1e16, 1e21, 9_007_199_254_740_992, 0.30000000000000004, 1.0 / 3, 8.49,
            .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, .pi, 0.000_000_5, 1_234.000_000_5, 4_194_304.123_456, 549_755_813.888_123,
        ]
        for _ in 0..<20_000 {
            numbers.append(Double(bitPattern: chance.next()))
            let decimals = [1.0, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].randomElement(using: &chance)!
            numbers.append(
                Double(Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &chance)) / decimals)
            numbers.append(Double.random(in: -1_000...1_000, using: &chance))
        }
        let finite = numbers.filter(\.isFinite)
        let written = text { text in
            for number in finite {
                text.add(byte: 44)
                text.add(number)
            }
        }
        let expected = String(decoding: try AnswerCoding.encoder.encode(finite), as: UTF8.self)
        #expect("[" + written.dropFirst() + "]" == expected)
    }

    @Test("writes infinite values as the encoder does, which costs no answer, and they are read back")
    func infinite() throws {
        for value in [Double.infinity, -.infinity] {
            #expect(try text { $0.add(json: .number(value)) } == encoded(value))
        }
        let written = try AnswerCoding.encoder.encode([Double.infinity, -.infinity, .nan])
        #expect(String(decoding: written, as: UTF8.self) == "[\"Infinity\",\"-Infinity\",\"NaN\"]")
        let read = try AnswerCoding.decoder.decode([Double].self, from: written)
        #expect(read[0] == .infinity && read[1] == -.infinity && read[2].isNaN)
    }

    @Test(
        "writes strings as the encoder does",
        arguments: ["", "a/b", "Trạm \"số\" 1\\2", "\u{0}\u{1f}\t\r\n\u{8}\u{c}\u{7f}é😀"])
    func strings(value: String) throws {
        var bytes = value
        #expect(try text { text in bytes.withUTF8 { text.add(json: $0) } } == encoded(value))
    }

    @Test(
        "puts cells of CSV in quotes where it must",
        arguments: [("a b", "a b"), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""), ("a\nb", "\"a\nb\"")])
    func cells(value: String, expected: String) {
        var bytes = value
        #expect(text { text in bytes.withUTF8 { text.add(csv: $0) } } == expected)
    }

    @Test("shows city time right on days on which clocks are set, and before 1970")
    func cityTime() {
        // Two hours on at 2026-03-29 01:00 UTC, one hour back at 2026-10-25 01:00 UTC.
        let zone = ZoneOffsets(
            name: "",
            transitions: [
                .init(from: .min, offset: Span.hour), .init(from: 1_774_746_000_000, offset: 3 * Span.hour),
                .init(from: 1_792_890_000_000, offset: 2 * Span.hour),
            ])
        let starts: [Milliseconds] = [1_774_746_000_000, 1_792_890_000_000, 0, -Span.day]
        for start in starts {
            var clock = CityClock(zone: zone)
            for quarter: Int64 in 0..<384 {
                let time = start - 2 * Span.day + quarter * 15 * Span.minute
                let expected = Civil.iso8601(time + zone.offset(at: time), suffix: "", separator: " ")
                #expect(text { clock.add(time, to: &$0) } == expected)
            }
        }
    }
}
