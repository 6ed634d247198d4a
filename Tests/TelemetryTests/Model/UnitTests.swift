import Telemetry
import Testing

@Suite("Units")
struct UnitTests {
    static let bases: [String: [Unit]] = Dictionary(grouping: UnitTable.rows, by: \.quantity)

    @Test("every row converts to the base unit of its quantity and back", arguments: UnitTable.rows)
    func convertsBack(_ unit: Unit) throws {
        let base = try #require(Self.bases[unit.quantity]?.first)
        let there = try #require(unit.conversion(to: base))
        let back = try #require(base.conversion(to: unit))
        for value in [-40, 0, 0.001, 1, 37.5, 1_000] {
            let returned = (value * there.scale + there.offset) * back.scale + back.offset
            #expect(abs(returned - value) <= 1e-9 * max(1, abs(value)) * max(1, back.scale * 1e-3))
        }
        let same = try #require(unit.conversion(to: unit))
        #expect(same.scale == 1 && same.offset == 0)
        let first = try #require(base.conversion(to: base))
        #expect(first.scale == 1 && first.offset == 0)
    }

    @Test("no code and no symbol is used twice, and each finds its row")
    func unique() {
        let rows = UnitTable.rows
        #expect(Set(rows.map(\.code)).count == rows.count)
        #expect(Set(rows.flatMap(\.senmlSymbols)).count == rows.flatMap(\.senmlSymbols).count)
        #expect(Set(rows.flatMap(\.commonCodes)).count == rows.flatMap(\.commonCodes).count)
        for row in rows {
            #expect(Unit.ucum(row.code) == row)
            for symbol in row.senmlSymbols { #expect(Unit.senml(symbol) == row) }
            for code in row.commonCodes { #expect(Unit.commonCode(code) == row) }
        }
    }

    @Test("units of different quantities do not convert")
    func quantities() throws {
        for one in UnitTable.rows {
            for other in UnitTable.rows where one.quantity != other.quantity {
                guard let conversion = one.conversion(to: other) else { continue }
                // What is left open fits what is said, and not the other way.
                #expect(one.code == "{count}" || one.code == "dB")
                #expect(other.conversion(to: one) == nil)
                #expect(conversion.offset == 0)
            }
        }
    }

    static let primary: [String] = [
        "m", "kg", "g", "s", "A", "K", "cd", "mol", "Hz", "rad", "sr", "N", "Pa", "J", "W", "C", "V", "F",
        "Ohm",
        "S", "Wb", "T", "H", "Cel", "lm", "lx", "Bq", "Gy", "Sv", "kat", "m2", "m3", "l", "m/s", "m/s2",
        "m3/s",
        "l/s", "W/m2", "cd/m2", "bit", "bit/s", "lat", "lon", "pH", "dB", "dBW", "Bspl", "count", "/", "%",
        "%RH",
        "%EL", "EL", "1/s", "1/min", "beat/min", "beats", "S/m",
    ]

    @Test("every unit of RFC 8428 section 12.1 is known", arguments: primary)
    func primaryUnit(_ symbol: String) {
        #expect(Unit.senml(symbol) != nil)
    }

    /// RFC 8798 section 3: secondary unit, primary unit, scale, offset.
    static let secondary: [(symbol: String, primary: String, scale: Double, offset: Double)] = [
        ("ms", "s", 0.001, 0), ("min", "s", 60, 0), ("h", "s", 3_600, 0), ("MHz", "Hz", 1e6, 0),
        ("kW", "W", 1_000, 0), ("kVA", "VA", 1_000, 0), ("kvar", "var", 1_000, 0), ("Ah", "C", 3_600, 0),
        ("Wh", "J", 3_600, 0), ("kWh", "J", 3.6e6, 0), ("varh", "vars", 3_600, 0),
        ("kvarh", "vars", 3.6e6, 0),
        ("kVAh", "VAs", 3.6e6, 0), ("Wh/km", "J/m", 3.6, 0), ("KiB", "B", 1_024, 0), ("GB", "B", 1e9, 0),
        ("Mbit/s", "bit/s", 1e6, 0), ("B/s", "bit/s", 8, 0), ("MB/s", "bit/s", 8e6, 0), ("mV", "V", 0.001, 0),
        ("mA", "A", 0.001, 0), ("dBm", "dBW", 1, -30), ("ug/m3", "kg/m3", 1e-9, 0),
        ("mm/h", "m/s", 1 / 3.6e6, 0), ("m/h", "m/s", 1 / 3_600, 0), ("ppm", "/", 1e-6, 0),
        ("/100", "/", 0.01, 0), ("/1000", "/", 0.001, 0), ("hPa", "Pa", 100, 0), ("mm", "m", 0.001, 0),
        ("cm", "m", 0.01, 0), ("km", "m", 1_000, 0), ("km/h", "m/s", 1 / 3.6, 0),
    ]

    @Test("a secondary unit of RFC 8798 converts to its primary unit as the RFC says", arguments: secondary)
    func secondaryUnit(_ row: (symbol: String, primary: String, scale: Double, offset: Double)) throws {
        let unit = try #require(Unit.senml(row.symbol))
        let primary = try #require(Unit.senml(row.primary))
        let conversion = try #require(unit.conversion(to: primary))
        #expect(conversion.scale == row.scale && conversion.offset == row.offset)
    }

    static let commonCodes: [String: String] = [
        "CEL": "Cel", "FAH": "[degF]", "KEL": "K", "P1": "%", "GQ": "ug/m3", "GP": "mg/m3", "MTR": "m",
        "KMH": "km/h", "MTS": "m/s", "SEC": "s", "MIN": "min", "HUR": "h", "DAY": "d", "KNT": "[kn_i]",
        "A97": "hPa", "HPA": "hPa", "LUX": "lx", "KWH": "kW.h", "WTT": "W", "KWT": "kW", "VLT": "V",
        "AMP": "A", "HTZ": "Hz", "DD": "deg", "2N": "dB", "MMT": "mm", "CMT": "cm", "KMT": "km", "LTR": "L",
        "MTQ": "m3", "59": "[ppm]", "C62": "1", "IE": "{persons}",
    ]

    @Test("the common codes of Recommendation 20 that gateways write are known")
    func knownCommonCodes() {
        for (code, unit) in Self.commonCodes { #expect(Unit.commonCode(code)?.code == unit, "\(code)") }
    }

    /// Worked by hand from the units' definitions.
    static let conversions: [(from: String, to: String, value: Double, result: Double)] = [
        ("[degF]", "Cel", 212, 100), ("[degF]", "K", 32, 273.15), ("Cel", "K", -273.15, 0),
        ("Cel", "[degF]", 37, 98.6), ("m/s", "km/h", 10, 36), ("[kn_i]", "km/h", 100, 185.2),
        ("mm", "m", 1_420, 1.42), ("cm", "mm", 12, 120), ("%", "1", 87, 0.87), ("1", "%", 0.87, 87),
        ("[ppm]", "%", 10_000, 1), ("ug/m3", "mg/m3", 500, 0.5), ("mg/L", "g/m3", 8, 8),
        ("mm/h", "mm/d", 1, 24), ("dB[W]", "dBm", -110, -80), ("B[SPL]", "dB[SPL]", 6.5, 65),
        ("dB", "B[SPL]", 65, 6.5), ("dB", "dB[SPL]", 65, 65), ("deg", "rad", 180, .pi),
        ("hPa", "mbar", 1_013.25, 1_013.25), ("mm[Hg]", "hPa", 760, 1_013.25), ("W.h", "kJ", 1, 3.6),
        ("uS/cm", "mS/cm", 500, 0.5), ("L/s", "m3/h", 1, 3.6), ("d", "h", 2, 48), ("a", "d", 1, 365.25),
        ("{count}", "{students}", 31, 31), ("KiBy", "By", 1, 1_024), ("[mi_i]/h", "km/h", 60, 96.56064),
    ]

    @Test("conversions worked by hand", arguments: conversions)
    func conversion(_ row: (from: String, to: String, value: Double, result: Double)) throws {
        let unit = try #require(Unit.ucum(row.from))
        let other = try #require(Unit.ucum(row.to))
        let conversion = try #require(unit.conversion(to: other))
        let result = row.value * conversion.scale + conversion.offset
        #expect(abs(result - row.result) <= 1e-6 * max(1, abs(row.result)))
    }

    @Test("a ratio of SenML is 0..1, humidity and battery are percent")
    func ratios() {
        #expect(Unit.senml("%")?.code == "1")
        #expect(Unit.senml("/")?.code == "1")
        #expect(Unit.senml("%RH")?.code == "%")
        #expect(Unit.senml("%EL")?.code == "%")
        #expect(Unit.senml("/100")?.code == "%")
    }

    @Test("an annotation that is not in the table is a unit of its own")
    func annotations() throws {
        let score = try #require(Unit.ucum("{score}"))
        #expect(score.code == "{score}" && score.senmlSymbols.isEmpty && score.commonCodes.isEmpty)
        let same = try #require(score.conversion(to: score))
        #expect(same.scale == 1 && same.offset == 0)
        for other in [
            "{persons}", "{vehicles}", "{beds}", "1", "%", "{count}", "{NTU}", "{persons}/m2", "VND",
        ] {
            let unit = try #require(Unit.ucum(other))
            #expect(score.conversion(to: unit) == nil)
            let isNamed = other != "{count}"
            #expect(!isNamed || unit.conversion(to: score) == nil)
        }
        #expect(Unit.ucum("{Open-311_requests}") != nil)
    }

    @Test(
        "what is no code is no unit",
        arguments: [
            "", "{}", "{1a}", "{a b}", "{người}", "{a", "a}", "{-a}", "{a}{b}", "{a}/d", "kmh", "KM/H", "°C",
            "C62",
            "percent", "ppm", " m", "m ", "{a\u{0}}",
        ])
    func noUnit(_ code: String) {
        #expect(Unit.ucum(code) == nil)
    }

    @Test("a dong is no number, a hertz no event a second, a watt no volt-ampere")
    func alike() throws {
        for (one, other) in [
            ("VND", "1"), ("Hz", "1/s"), ("Bq", "1/s"), ("W", "V.A"), ("Gy", "Sv"), ("1", "{persons}"),
        ] {
            let (unit, another) = try (#require(Unit.ucum(one)), #require(Unit.ucum(other)))
            #expect(unit.conversion(to: another) == nil)
            #expect(another.conversion(to: unit) == nil)
        }
    }
}
