import Testing

@testable import Telemetry

@Suite("Numbers")
struct NumberScannerTests {
    private func scan(_ text: String, decimal: Character = ".") -> Double? {
        var text = text
        return text.withUTF8 { NumberScanner.parse($0, decimal: decimal.asciiValue!) }
    }

    @Test(
        "are what the standard library makes of them, to the last bit",
        arguments: [
            "0", "-0", "1", "-1", "0.1", "0.3", "123456789.123456789", "9007199254740993", "9007199254740991",
            "1e22", "1e23", "1.7976931348623157e308", "4.9e-324", "2.2250738585072011e-308", "0.000001",
            "1E+2", "1e-7",
            "18446744073709551615", "18446744073709551616", "123456789012345678901234567890",
            "0.1234567890123456789012",
            "179769313486231580793728971405301e276", "3.14159265358979323846",
            "0.00000000000000000000000000000001",
            "8.41e21", "7205759403792793200001e-5", "0e500", "100000000000000000000000000000000000000000e-41",
        ])
    func exact(_ text: String) {
        #expect(scan(text)?.bitPattern == Double(text)?.bitPattern)
    }

    @Test("are what the standard library makes of them, for a hundred thousand made-up ones")
    func random() {
        var state: UInt64 = 42
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for _ in 0..<100_000 {
            var text = next(2) == 0 ? "-" : ""
            text +=
                next(4) == 0
                ? "0" : String(next(9) + 1) + (0..<next(19)).map { _ in String(next(10)) }.joined()
            if next(2) == 0 { text += "." + (0...next(19)).map { _ in String(next(10)) }.joined() }
            if next(3) == 0 { text += "e" + String(Int(next(60)) - 30) }
            #expect(scan(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    @Test("as programs write doubles, with up to 17 digits, they are those doubles")
    func written() {
        var state: UInt64 = 7
        for _ in 0..<100_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Double(state >> 11) / Double(1 << (state % 50)) * (state & 1024 == 0 ? 1 : -1)
            #expect(scan("\(number)") == number)
        }
    }

    @Test("read the same whatever stands behind them")
    func followed() {
        for text in [
            "0", "-0", "7", "-7", "21.5", "-21.5", "1234567", "12345678", "123456.7", "0.12345", "00", "1.",
            "1.x", "1e2", "1.5e-2", "-",
        ] {
            for rest in ["", ",", "}        ", ",\"next\":12345678", "]]]]]]]]]]"] {
                var whole = text + rest
                let (value, behind) = whole.withUTF8 { bytes -> (Double?, Int) in
                    var at = 0
                    return (NumberScanner.scan(bytes.baseAddress!, &at, end: bytes.count), at)
                }
                let wanted = text == "00" ? 0 : Double(text).flatMap { text.hasSuffix(".") ? nil : $0 }
                #expect(value?.bitPattern == wanted?.bitPattern, "\(whole)")
                if wanted != nil { #expect(behind == (text == "00" ? 1 : text.utf8.count), "\(whole)") }
            }
        }
    }

    @Test("beyond a double there are none")
    func overflow() {
        #expect(scan("1e309") == nil)
        #expect(scan("-1e99999999999999999999") == nil)
        #expect(scan("1e-400") == 0)
    }

    @Test(
        "are written as RFC 8259 says and in no other way",
        arguments: [
            "", "-", "+1", "01", "1.", ".1", "1e", "1e+", "0x1", "1_0", "1 ", " 1", "inf", "nan", "1,5",
            "--1", "1e1.5",
        ])
    func grammar(_ text: String) { #expect(scan(text) == nil) }

    @Test(
        "may have a comma where the profile says so, and then no point: 1.500 would be read as one and a half"
    )
    func decimalComma() {
        #expect(scan("12,5", decimal: ",") == 12.5)
        #expect(scan("12", decimal: ",") == 12)
        #expect(scan("1.500", decimal: ",") == nil)
        #expect(scan("1.500,5", decimal: ",") == nil)
        #expect(scan("1,5,5", decimal: ",") == nil)
    }
}
