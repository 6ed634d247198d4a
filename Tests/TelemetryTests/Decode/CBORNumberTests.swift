import Testing

@testable import Telemetry

@Suite("Numbers in CBOR")
struct CBORNumberTests {
    private static let wholes: [(hexadecimal: String, number: Double)] = [
        ("1b0020000000000001", 0x1p53), ("1b0020000000000003", 0x1.0000000000002p53),
        ("1bffffffffffffffff", 0x1p64), ("3bffffffffffffffff", -0x1p64), ("3b001fffffffffffff", -0x1p53),
        ("c249010000000000000000", 0x1p64), ("c349010000000000000000", -0x1p64), ("c240", 0), ("c340", -1),
        ("c2480020000000000001", 0x1p53), ("c243000007", 7), ("c25f4101420000ff", 65_536),
        // Half way between two doubles, and one beyond it, 64 bits lower.
        ("c2518000000000000400000000000000000000", 0x1p135),
        ("c2518000000000000400000000000000000001", 0x1.0000000000001p135),
        ("c3518000000000000400000000000000000000", -0x1.0000000000001p135),
        ("c35100ffffffffffffffffffffffffffffffff", -0x1p128),
        ("c349ffffffffffffffffff", -0x1p72),
    ]
    private static let decimals: [(hexadecimal: String, number: Double)] = [
        ("c48221196ab3", 273.15), ("c4822001", 0.1), ("c4820000", 0), ("c4822118c8", 2), ("c4820103", 30),
        ("c48238181a00989680", 1e-18), ("c482391fff1bffffffffffffffff", 0), ("c482182001", 1e32),
        ("c4823b7fffffffffffffff01", 0), ("c4822139010c", -2.69), ("c4823301", 1e-20),
        ("c49f21196ab3ff", 273.15), ("c48221c2430f4240", 10_000),
        ("c48220c349010000000000000000", -0x1p64 / 10),
        ("c4821901341a00000001", 1e308),
    ]
    private static let bigfloats: [(hexadecimal: String, number: Double)] = [
        ("c5822003", 1.5), ("c5821903ff01", 0x1p1023), ("c58239043101", 0x1p-1074), ("c5820220", -4),
    ]
    private func number(_ hexadecimal: String) -> Double? {
        CBORText.value(hexadecimal).flatMap { $0.kind == .number ? $0.number : nil }
    }

    @Test(
        "whole numbers are rounded to the nearest double, as large as they may be",
        arguments: wholes)
    func whole(_ example: (hexadecimal: String, number: Double)) {
        #expect(number(example.hexadecimal) == example.number)
    }

    @Test(
        "decimal fractions are to the last bit what the same number is in JSON",
        arguments: decimals)
    func decimal(_ example: (hexadecimal: String, number: Double)) {
        #expect(number(example.hexadecimal) == example.number)
    }

    @Test(
        "bigfloats are powers of two times their mantissa",
        arguments: bigfloats)
    func bigfloat(_ example: (hexadecimal: String, number: Double)) {
        #expect(number(example.hexadecimal) == example.number)
    }

    @Test(
        "what fits no double, or is tagged as a number and is none, is no number, and well-formed all the same",
        arguments: [
            "c4821a3b9aca0001", "c5821a3b9aca0001", "c5821b7fffffffffffffff01", "c401", "c201", "c26161",
            "c48261610a", "c483010101", "c482016161", "c4a10101", "c2c24101", "c482c10101", "c48201c101",
            "c59f010101ff", "c482f9000001", "c49f01ff",
        ])
    func none(_ hexadecimal: String) {
        let value = CBORText.value(hexadecimal)
        #expect(value?.kind == .unusable)
    }

    @Test("a number with 1,024 bits or more is beyond a double")
    func large() {
        let ones = String(repeating: "ff", count: 128)
        #expect(number("c25880" + ones) == nil)
        #expect(number("c25880f8" + String(repeating: "00", count: 127)) == 0x1.fp1023)
        #expect(CBORText.value("c25880" + ones)?.kind == .unusable)
    }

    @Test("half precision is exact, from the smallest to the largest (appendix D)")
    func half() {
        for bits in UInt16.min ... .max {
            let sign: Double = bits & 0x8000 == 0 ? 1 : -1
            let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1_023) / 1_024)
            var expected = sign * (exponent == 0 ? fraction : 1 + fraction)
            // The power by repetition: another way to it than the reader's.
            for _ in 0..<abs(max(exponent, 1) - 15) { expected *= exponent > 15 ? 2 : 0.5 }
            let digits = (bits < 0x1000 ? "0" : "") + (bits < 0x100 ? "0" : "") + (bits < 0x10 ? "0" : "")
            let read = number("f9" + digits + String(bits, radix: 16))
            if exponent == 31 {
                #expect(fraction == 0 ? read == sign * .infinity : read?.isNaN == true)
            } else {
                #expect(read == expected && read?.sign == (sign < 0 ? .minus : .plus))
            }
        }
    }
}
