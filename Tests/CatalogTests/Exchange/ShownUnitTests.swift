import Telemetry
import Testing

@testable import Catalog

@Suite("Units as other systems show them")
struct ShownUnitTests {
    @Test(
        "a unit on a screen is one of the table",
        arguments: [
            ("°C", "Cel", nil), ("°F", "Cel", "[degF]"), ("%", "1", "%"), ("µg/m³", "ug/m3", nil),
            ("\u{3BC}g/m³", "ug/m3", nil), ("kWh", "kW.h", nil), ("m³/h", "m3/h", nil), ("hPa", "hPa", nil),
            ("lx", "lx", nil), ("ppm", "[ppm]", nil), ("dB", "dB", nil), ("VA", "V.A", nil),
            ("min", "min", nil),
        ] as [(String, String, String?)])
    func known(_ text: String, _ own: String, _ wire: String?) throws {
        let found = try #require(Unit.shown(text))
        #expect(found.own == own && found.wire == wire)
        // And it converts.
        let kept = try #require(Unit.ucum(own))
        #expect(Unit.ucum(wire ?? own)?.conversion(to: kept) != nil)
    }

    @Test("others are none", arguments: ["lqi", "furlong", "degree celsius", ""])
    func unknown(_ text: String) { #expect(Unit.shown(text) == nil) }
}
