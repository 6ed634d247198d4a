/// Every unit this program converts, by quantity; the first of a quantity is its base unit.
///
/// `docs/units.md` shows it and is held equal to it by a test.
package enum UnitTable {
    package static let rows: [Unit] =
        space + motion + matter + heat + electricity + waves + numbers + information

    static let byCode = Dictionary(uniqueKeysWithValues: rows.map { ($0.code, $0) })
    static let bySymbol = Dictionary(
        uniqueKeysWithValues: rows.flatMap { row in row.senmlSymbols.map { ($0, row) } })
    static let byCommonCode = Dictionary(
        uniqueKeysWithValues: rows.flatMap { row in row.commonCodes.map { ($0, row) } })

    /// Quantity of a number of things that does not say of which.
    static let count = "count"

    // MARK: Space and time

    private static let space: [Unit] = [
        Unit("m", senml: ["m"], common: ["MTR"], quantity: "length"),
        Unit("km", senml: ["km"], common: ["KMT"], quantity: "length", times: 1_000),
        Unit("dm", common: ["DMT"], quantity: "length", per: 10),
        Unit("cm", senml: ["cm"], common: ["CMT"], quantity: "length", per: 100),
        Unit("mm", senml: ["mm"], common: ["MMT"], quantity: "length", per: 1_000),
        Unit("um", common: ["4H"], quantity: "length", per: 1e6),
        Unit("[in_i]", common: ["INH"], quantity: "length", times: 254, per: 10_000),
        Unit("[ft_i]", common: ["FOT"], quantity: "length", times: 3_048, per: 10_000),
        Unit("[mi_i]", common: ["SMI"], quantity: "length", times: 1_609_344, per: 1_000),
        Unit("[nmi_i]", common: ["NMI"], quantity: "length", times: 1_852),

        Unit("m2", senml: ["m2"], common: ["MTK"], quantity: "area"),
        Unit("cm2", common: ["CMK"], quantity: "area", per: 10_000),
        Unit("har", quantity: "area", times: 10_000),
        Unit("km2", common: ["KMK"], quantity: "area", times: 1e6),

        Unit("m3", senml: ["m3"], common: ["MTQ"], quantity: "volume"),
        Unit("L", senml: ["l"], common: ["LTR"], quantity: "volume", per: 1_000),
        Unit("mL", common: ["MLT"], quantity: "volume", per: 1e6),
        Unit("dm3", common: ["DMQ"], quantity: "volume", per: 1_000),
        Unit("cm3", common: ["CMQ"], quantity: "volume", per: 1e6),

        Unit("rad", senml: ["rad"], common: ["C81"], quantity: "angle"),
        // `lat` and `lon` say which angle; the field says so, too.
        Unit("deg", senml: ["deg", "lat", "lon"], common: ["DD"], quantity: "angle", times: .pi, per: 180),
        Unit("'", common: ["D61"], quantity: "angle", times: .pi, per: 10_800),
        Unit("''", common: ["D62"], quantity: "angle", times: .pi, per: 648_000),
        Unit("sr", senml: ["sr"], common: ["D27"], quantity: "solid angle"),

        // `EL` is how long a battery lasts.
        Unit("s", senml: ["s", "EL"], common: ["SEC"], quantity: "time"),
        Unit("ms", senml: ["ms"], common: ["C26"], quantity: "time", per: 1_000),
        Unit("us", common: ["B98"], quantity: "time", per: 1e6),
        Unit("ns", common: ["C47"], quantity: "time", per: 1e9),
        Unit("min", senml: ["min"], common: ["MIN"], quantity: "time", times: 60),
        Unit("h", senml: ["h"], common: ["HUR"], quantity: "time", times: 3_600),
        Unit("d", common: ["DAY"], quantity: "time", times: 86_400),
        Unit("wk", common: ["WEE"], quantity: "time", times: 604_800),
        Unit("a", common: ["ANN"], quantity: "time", times: 31_557_600),
    ]

    private static let motion: [Unit] = [
        Unit("m/s", senml: ["m/s"], common: ["MTS"], quantity: "speed"),
        Unit("km/h", senml: ["km/h"], common: ["KMH"], quantity: "speed", times: 1_000, per: 3_600),
        Unit("m/min", common: ["2X"], quantity: "speed", per: 60),
        Unit("m/h", senml: ["m/h"], common: ["M60"], quantity: "speed", per: 3_600),
        Unit("cm/s", common: ["2M"], quantity: "speed", per: 100),
        Unit("cm/h", common: ["H49"], quantity: "speed", per: 360_000),
        Unit("mm/s", common: ["C16"], quantity: "speed", per: 1_000),
        Unit("mm/h", senml: ["mm/h"], common: ["H67"], quantity: "speed", per: 3.6e6),
        Unit("mm/d", quantity: "speed", per: 8.64e7),
        Unit("[kn_i]", common: ["KNT"], quantity: "speed", times: 1_852, per: 3_600),
        Unit("[mi_i]/h", common: ["HM"], quantity: "speed", times: 1_609_344, per: 3.6e6),

        Unit("m/s2", senml: ["m/s2"], common: ["MSK"], quantity: "acceleration"),
        Unit("[g]", common: ["K40"], quantity: "acceleration", times: 980_665, per: 100_000),

        Unit("m3/s", senml: ["m3/s"], common: ["MQS"], quantity: "volume flow"),
        Unit("m3/h", common: ["MQH"], quantity: "volume flow", per: 3_600),
        Unit("m3/d", common: ["G52"], quantity: "volume flow", per: 86_400),
        Unit("L/s", senml: ["l/s"], common: ["G51"], quantity: "volume flow", per: 1_000),
        Unit("L/min", common: ["L2"], quantity: "volume flow", per: 60_000),
        Unit("L/h", common: ["E32"], quantity: "volume flow", per: 3.6e6),
    ]

    // MARK: Matter, pressure and heat

    private static let matter: [Unit] = [
        Unit("kg", senml: ["kg"], common: ["KGM"], quantity: "mass"),
        Unit("g", senml: ["g"], common: ["GRM"], quantity: "mass", per: 1_000),
        Unit("mg", common: ["MGM"], quantity: "mass", per: 1e6),
        Unit("ug", common: ["MC"], quantity: "mass", per: 1e9),
        Unit("t", common: ["TNE"], quantity: "mass", times: 1_000),
        Unit("mol", senml: ["mol"], common: ["C34"], quantity: "amount of substance"),
        Unit("kat", senml: ["kat"], common: ["KAT"], quantity: "catalytic activity"),

        Unit("kg/m3", senml: ["kg/m3"], common: ["KMQ"], quantity: "density"),
        Unit("g/m3", common: ["A93"], quantity: "density", per: 1_000),
        Unit("mg/m3", common: ["GP"], quantity: "density", per: 1e6),
        Unit("ug/m3", senml: ["ug/m3"], common: ["GQ"], quantity: "density", per: 1e9),
        Unit("g/L", common: ["GL"], quantity: "density"),
        Unit("mg/L", common: ["M1"], quantity: "density", per: 1_000),
        Unit("ug/L", common: ["H29"], quantity: "density", per: 1e6),
        Unit("g/cm3", common: ["23"], quantity: "density", times: 1_000),

        Unit("[pH]", senml: ["pH"], common: ["Q30"], quantity: "acidity"),
        Unit("{NTU}", senml: ["NTU"], quantity: "turbidity"),

        Unit("N", senml: ["N"], common: ["NEW"], quantity: "force"),
        Unit("Pa", senml: ["Pa"], common: ["PAL"], quantity: "pressure"),
        // Recommendation 20 gives HPA to pure alcohol; gateways mean pressure by it.
        Unit("hPa", senml: ["hPa"], common: ["A97", "HPA"], quantity: "pressure", times: 100),
        Unit("kPa", common: ["KPA"], quantity: "pressure", times: 1_000),
        Unit("MPa", common: ["MPA"], quantity: "pressure", times: 1e6),
        Unit("bar", common: ["BAR"], quantity: "pressure", times: 100_000),
        Unit("mbar", common: ["MBR"], quantity: "pressure", times: 100),
        Unit("mm[Hg]", common: ["HN"], quantity: "pressure", times: 133_322.387415, per: 1_000),
    ]

    private static let heat: [Unit] = [
        Unit("Cel", senml: ["Cel"], common: ["CEL"], quantity: "temperature"),
        Unit("K", senml: ["K"], common: ["KEL"], quantity: "temperature", plus: -273.15),
        Unit("[degF]", common: ["FAH"], quantity: "temperature", times: 5, per: 9, plus: -160.0 / 9),

        Unit("J", senml: ["J"], common: ["JOU"], quantity: "energy"),
        Unit("kJ", common: ["KJO"], quantity: "energy", times: 1_000),
        Unit("MJ", common: ["3B"], quantity: "energy", times: 1e6),
        Unit("W.h", senml: ["Wh"], common: ["WHR"], quantity: "energy", times: 3_600),
        Unit("kW.h", senml: ["kWh"], common: ["KWH"], quantity: "energy", times: 3.6e6),
        Unit("MW.h", common: ["MWH"], quantity: "energy", times: 3.6e9),

        Unit("W", senml: ["W"], common: ["WTT"], quantity: "power"),
        Unit("mW", common: ["C31"], quantity: "power", per: 1_000),
        Unit("kW", senml: ["kW"], common: ["KWT"], quantity: "power", times: 1_000),
        Unit("MW", common: ["MAW"], quantity: "power", times: 1e6),

        Unit("W/m2", senml: ["W/m2"], common: ["D54"], quantity: "irradiance"),
        Unit("J/m", senml: ["J/m"], common: ["B12"], quantity: "energy per distance"),
        Unit("W.h/km", senml: ["Wh/km"], quantity: "energy per distance", times: 36, per: 10),
    ]

    // MARK: Electricity, radiation, light and sound

    private static let electricity: [Unit] = [
        Unit("A", senml: ["A"], common: ["AMP"], quantity: "electric current"),
        Unit("mA", senml: ["mA"], common: ["4K"], quantity: "electric current", per: 1_000),
        Unit("V", senml: ["V"], common: ["VLT"], quantity: "voltage"),
        Unit("mV", senml: ["mV"], common: ["2Z"], quantity: "voltage", per: 1_000),
        Unit("kV", common: ["KVT"], quantity: "voltage", times: 1_000),
        Unit("C", senml: ["C"], common: ["COU"], quantity: "electric charge"),
        Unit("A.h", senml: ["Ah"], common: ["AMH"], quantity: "electric charge", times: 3_600),
        Unit("Ohm", senml: ["Ohm"], common: ["OHM"], quantity: "resistance"),
        Unit("kOhm", common: ["B49"], quantity: "resistance", times: 1_000),
        Unit("MOhm", common: ["B75"], quantity: "resistance", times: 1e6),
        Unit("S", senml: ["S"], common: ["SIE"], quantity: "conductance"),
        Unit("S/m", senml: ["S/m"], common: ["D10"], quantity: "conductivity"),
        Unit("mS/cm", common: ["H61"], quantity: "conductivity", per: 10),
        Unit("uS/cm", common: ["G42"], quantity: "conductivity", per: 10_000),
        Unit("F", senml: ["F"], common: ["FAR"], quantity: "capacitance"),
        Unit("Wb", senml: ["Wb"], common: ["WEB"], quantity: "magnetic flux"),
        Unit("T", senml: ["T"], common: ["D33"], quantity: "magnetic flux density"),
        Unit("H", senml: ["H"], common: ["81"], quantity: "inductance"),

        Unit("V.A", senml: ["VA"], common: ["D46"], quantity: "apparent power"),
        Unit("kV.A", senml: ["kVA"], common: ["KVA"], quantity: "apparent power", times: 1_000),
        Unit("V.A.s", senml: ["VAs"], quantity: "apparent energy"),
        Unit("kV.A.h", senml: ["kVAh"], common: ["C79"], quantity: "apparent energy", times: 3.6e6),
        // UCUM has no var.
        Unit("V.A{reactive}", senml: ["var"], common: ["D44"], quantity: "reactive power"),
        Unit("kV.A{reactive}", senml: ["kvar"], common: ["KVR"], quantity: "reactive power", times: 1_000),
        Unit("V.A.s{reactive}", senml: ["vars"], quantity: "reactive energy"),
        Unit("V.A.h{reactive}", senml: ["varh"], quantity: "reactive energy", times: 3_600),
        Unit("kV.A.h{reactive}", senml: ["kvarh"], common: ["K3"], quantity: "reactive energy", times: 3.6e6),
    ]

    private static let waves: [Unit] = [
        Unit("Hz", senml: ["Hz"], common: ["HTZ"], quantity: "frequency"),
        Unit("kHz", common: ["KHZ"], quantity: "frequency", times: 1_000),
        Unit("MHz", senml: ["MHz"], common: ["MHZ"], quantity: "frequency", times: 1e6),
        Unit("GHz", common: ["A86"], quantity: "frequency", times: 1e9),
        Unit("Bq", senml: ["Bq"], common: ["BQL"], quantity: "radioactivity"),
        Unit("Gy", senml: ["Gy"], common: ["A95"], quantity: "absorbed dose"),
        Unit("Sv", senml: ["Sv"], common: ["D13"], quantity: "dose equivalent"),
        Unit("Sv/h", quantity: "dose rate"),
        Unit("uSv/h", quantity: "dose rate", per: 1e6),

        Unit("cd", senml: ["cd"], common: ["CDL"], quantity: "luminous intensity"),
        Unit("lm", senml: ["lm"], common: ["LUM"], quantity: "luminous flux"),
        Unit("lx", senml: ["lx"], common: ["LUX"], quantity: "illuminance"),
        Unit("cd/m2", senml: ["cd/m2"], common: ["A24"], quantity: "luminance"),

        Unit("dB", senml: ["dB"], common: ["2N"], quantity: "level"),
        Unit("dB[SPL]", quantity: "sound level", broader: "level"),
        Unit("B[SPL]", senml: ["Bspl"], quantity: "sound level", broader: "level", times: 10),
        Unit("dB[W]", senml: ["dBW"], common: ["DBW"], quantity: "power level"),
        // UCUM has no code for it.
        Unit("dBm", senml: ["dBm"], common: ["DBM"], quantity: "power level", plus: -30),
    ]

    // MARK: Numbers

    private static let numbers: [Unit] = [
        Unit("1", senml: ["/", "%"], common: ["C62"], quantity: "fraction"),
        Unit("%", senml: ["/100", "%RH", "%EL"], common: ["P1"], quantity: "fraction", per: 100),
        Unit("[ppth]", senml: ["/1000"], common: ["NX"], quantity: "fraction", per: 1_000),
        Unit("[ppm]", senml: ["ppm"], common: ["59"], quantity: "fraction", per: 1e6),
        Unit("[ppb]", common: ["61"], quantity: "fraction", per: 1e9),

        Unit("{count}", senml: ["count"], common: ["H87"], quantity: count),
        .annotation("{persons}", common: ["IE"]),
        .annotation("{vehicles}"),
        .annotation("{beats}", senml: ["beats"]),
        Unit("{persons}/m2", quantity: "crowd density"),

        Unit("1/s", senml: ["1/s"], common: ["C97"], quantity: "event rate"),
        Unit("1/min", senml: ["1/min"], common: ["C94"], quantity: "event rate", per: 60),
        Unit("1/h", common: ["H10"], quantity: "event rate", per: 3_600),
        Unit("{beats}/min", senml: ["beat/min"], quantity: "heart rate"),
        Unit("{vehicles}/h", quantity: "vehicle flow"),
        Unit("{vehicles}/min", quantity: "vehicle flow", times: 60),
        Unit("{vehicles}/km", quantity: "vehicle density"),
        Unit("{persons}/h", quantity: "person flow"),
        Unit("{persons}/min", quantity: "person flow", times: 60),

        Unit("VND", quantity: "money (VND)"),
    ]

    private static let information: [Unit] = [
        Unit("bit", senml: ["bit"], common: ["A99"], quantity: "information"),
        Unit("By", senml: ["B"], common: ["AD"], quantity: "information", times: 8),
        Unit("kBy", common: ["2P"], quantity: "information", times: 8e3),
        Unit("KiBy", senml: ["KiB"], common: ["E64"], quantity: "information", times: 8_192),
        Unit("MBy", common: ["4L"], quantity: "information", times: 8e6),
        Unit("GBy", senml: ["GB"], common: ["E34"], quantity: "information", times: 8e9),
        Unit("bit/s", senml: ["bit/s"], common: ["B10"], quantity: "data rate"),
        Unit("kbit/s", common: ["C74"], quantity: "data rate", times: 1_000),
        Unit("Mbit/s", senml: ["Mbit/s"], common: ["E20"], quantity: "data rate", times: 1e6),
        Unit("By/s", senml: ["B/s"], common: ["P93"], quantity: "data rate", times: 8),
        Unit("MBy/s", senml: ["MB/s"], common: ["P95"], quantity: "data rate", times: 8e6),
    ]
}
