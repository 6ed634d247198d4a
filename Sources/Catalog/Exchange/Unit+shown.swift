import Telemetry

extension Unit {
    /// UCUM for what stands beside a number on a screen, where that is no code of its own.
    private static let shownCodes = [
        "°C": "Cel", "°F": "[degF]", "°": "deg", "Ω": "Ohm", "kΩ": "kOhm", "MΩ": "MOhm", "Wh": "W.h",
        "kWh": "kW.h",
        "MWh": "MW.h", "Ah": "A.h", "VA": "V.A", "kVA": "kV.A", "var": "V.A{reactive}",
        "kvar": "kV.A{reactive}",
        "ppb": "[ppb]", "mmHg": "mm[Hg]", "in": "[in_i]", "ft": "[ft_i]", "mi": "[mi_i]", "mph": "[mi_i]/h",
        "kn": "[kn_i]", "rpm": "1/min", "B": "By", "kB": "kBy", "MB": "MBy", "GB": "GBy", "B/s": "By/s",
        "MB/s": "MBy/s",
    ]

    /// The unit another system shows as `text`, as code of the unit to keep its values in, and of the payload's if that is
    /// another: shares are kept as a fraction of 1, degrees Fahrenheit as Celsius.
    static func shown(_ text: String) -> (own: String, wire: String?)? {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar {
            case "²": "2"
            case "³": "3"
            // Micro sign and the Greek letter.
            case "\u{B5}", "\u{3BC}": "u"
            default: scalar
            }
        }
        let plain = String(String.UnicodeScalarView(scalars))
        guard let unit = shownCodes[plain].flatMap(Unit.ucum) ?? Unit.spelled(plain) else { return nil }
        switch unit.code {
        case "%": return ("1", "%")
        case "[degF]": return ("Cel", "[degF]")
        default: return (unit.code, nil)
        }
    }
}
