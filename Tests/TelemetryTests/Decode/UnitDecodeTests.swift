import Testing

@testable import Telemetry

extension Wire.Field {
    fileprivate mutating func read(to unit: Unit, from wire: Unit? = nil, namedIn field: String?) {
        let went = convert(to: unit, from: wire, namedIn: field)
        #expect(went)
    }
}

@Suite("Units in payloads")
struct UnitDecodeTests {
    private func unit(_ code: String) -> Unit { Unit.ucum(code)! }

    private func bench(
        _ code: String, wire: String? = nil, named: String? = nil, form: Wire.Form = .json,
        valid: ClosedRange<Double>? = nil, _ set: (inout Wire.Field) -> Void = { _ in }
    ) -> DecodeBench {
        DecodeBench(form).measuring(
            "a", form == .scalar ? nil : form == .csv ? "v" : "/v", unit: code, valid: valid
        ) {
            set(&$0)
            $0.read(to: unit(code), from: wire.map(unit), namedIn: named)
        }
    }

    @Test("the payload's unit is converted, after the field's own scale and offset")
    func wireUnit() {
        #expect(bench("km/h", wire: "m/s").decode(#"{"v":10}"#).readings == ["a 36.0"])
        #expect(bench("m", wire: "mm").decode(#"{"v":1420}"#).readings == ["a 1.42"])
        #expect(bench("1", wire: "%").decode(#"{"v":87}"#).readings == ["a 0.87"])
        let tenths = bench("K", wire: "Cel") {
            $0.scale = 0.5
            $0.offset = -10
        }
        #expect(tenths.decode(#"{"v":100}"#).readings == ["a 313.15"])
        #expect(bench("m/s", wire: "km/h", form: .scalar).decode("36").readings == ["a 10.0"])
        #expect(bench("dB[W]", wire: "dBm").decode(#"{"v":-80}"#).readings == ["a -110.0"])
    }

    @Test("`valid` holds in the measurement's unit")
    func valid() {
        let bench = bench("m", wire: "cm", valid: 0...3)
        #expect(bench.decode(#"{"v":300}"#).readings == ["a 3.0"])
        #expect(bench.decode(#"{"v":350}"#).readings == ["a 3.5 bad"])
    }

    @Test("a unit of another quantity converts nothing")
    func otherQuantity() {
        var field = Wire.Field()
        field.scale = 3
        let went = field.convert(to: unit("m"), from: unit("s"), namedIn: "/u")
        #expect(!went)
        #expect(field.scale == 3 && field.offset == 0 && field.unitField == nil)
    }

    @Test(
        "the payload says its unit, in any spelling",
        arguments: [
            (#""MTR""#, "1.5"), (#""m""#, "1.5"), (#""CMT""#, "0.015"), (#""mm""#, "0.0015"),
            (#""KMT""#, "1500.0"),
            (#""SMI""#, "2414.016"),
        ])
    func named(_ text: String, _ value: String) {
        #expect(bench("m", named: "/u").decode(#"{"u":\#(text),"v":1.5}"#).readings == ["a \(value)"])
    }

    @Test("NGSI names it in the attribute's metadata")
    func ngsi() {
        let bench = DecodeBench().measuring("level", "/data/0/level/value", unit: "m") {
            $0.read(to: unit("m"), namedIn: "/data/0/level/metadata/unitCode/value")
        }
        let payload = { (code: String) in
            #"{"data":[{"level":{"type":"Number","value":142,"metadata":{"unitCode":{"value":"\#(code)"}}}}]}"#
        }
        #expect(bench.decode(payload("CMT")).readings == ["level 1.42"])
        let refused = bench.decode(payload("CEL"))
        #expect(refused.rejection == .unitMismatch)
        #expect(refused.offset == payload("CEL").utf8.count - #"CEL"}}}}]}"#.utf8.count)
    }

    @Test("percent becomes a ratio only because the payload says so")
    func percent() {
        let bench = bench("1", named: "/u")
        #expect(bench.decode(#"{"v":87,"u":"P1"}"#).readings == ["a 0.87"])
        #expect(bench.decode(#"{"v":87,"u":"%"}"#).readings == ["a 0.87"])
        #expect(bench.decode(#"{"v":87,"u":"C62"}"#).readings == ["a 87.0"])
        #expect(bench.decode(#"{"v":0.87,"u":"P1"}"#).readings == ["a 0.0087"])
    }

    @Test("a common code that is a number may be written as one, and a slash with a backslash")
    func spellings() {
        #expect(bench("%", named: "/u").decode(#"{"v":500,"u":59}"#).readings == ["a 0.05"])
        #expect(bench("km/h", named: "/u").decode(#"{"v":36,"u":"km\/h"}"#).readings == ["a 36.0"])
        #expect(bench("km/h", named: "/u").decode(#"{"v":10,"u":"m\/s"}"#).readings == ["a 36.0"])
    }

    @Test(
        "a unit that is unknown, does not fit or is none refuses the message where it stands",
        arguments: [#""furlong""#, #""s""#, #""MT""#, #""MTRS""#, #""""#, "1", "true", "[]", #""m\u0000""#])
    func unfit(_ text: String) {
        let refused = bench("m", named: "/u").decode(#"{"v":1,"u":\#(text)}"#)
        #expect(refused.rejection == .unitMismatch)
        #expect((11...12).contains(refused.offset ?? 0))
    }

    @Test(
        "without a unit in the payload the profile's `wire_unit` holds, and without that nothing is guessed")
    func unnamed() {
        for payload in [#"{"v":150}"#, #"{"v":150,"u":null}"#] {
            #expect(bench("m", wire: "cm", named: "/u").decode(payload).readings == ["a 1.5"])
            #expect(bench("m", named: "/u").decode(payload).rejection == .unitMismatch)
        }
        #expect(bench("m", wire: "cm", named: "/u").decode(#"{"v":150,"u":"MMT"}"#).readings == ["a 0.15"])
        #expect(bench("m", named: "/u").decode(#"{"v":150}"#).offset == 5)
        #expect(bench("m", named: "/u").decode(#"{"u":"furlong"}"#).rejection == .noReadings)
    }

    @Test("a default is the profile's own, whatever unit the payload names")
    func fallback() {
        let bench = bench("m", named: "/u") { $0.fallback = 2 }
        #expect(bench.decode("{}").readings == ["a 2.0"])
        #expect(bench.decode(#"{"v":null,"u":"CMT"}"#).readings == ["a 2.0"])
        #expect(bench.decode(#"{"v":150,"u":"CMT"}"#).readings == ["a 1.5"])
    }

    @Test("the field's scale comes before the unit in the payload")
    func scaled() {
        let bench = bench("m", wire: "cm", named: "/u") {
            $0.scale = 2
            $0.offset = 100
        }
        #expect(bench.decode(#"{"v":50}"#).readings == ["a 2.0"])
        #expect(bench.decode(#"{"v":50,"u":"MTR"}"#).readings == ["a 200.0"])
        #expect(bench.decode(#"{"v":50,"u":"MMT"}"#).readings == ["a 0.2"])
    }

    @Test("each record names its own, and so does each row")
    func records() {
        var list = DecodeBench().measuring("a", "./v", unit: "Cel") {
            $0.read(to: unit("Cel"), namedIn: "./u")
        }
        list.wire.recordsField = "/*"
        #expect(list.decode(#"[{"v":50,"u":"FAH"},{"u":"CEL","v":20}]"#).readings == ["a 10.0", "a 20.0"])
        let table = bench("m", wire: "m", named: "u", form: .csv)
        #expect(table.decode("v,u\n1,km\n2,\n3,CMT\n").readings == ["a 1000.0", "a 2.0", "a 0.03"])
        let strict = bench("m", named: "u", form: .csv).decode("v,u\n1,km\n2,\n")
        #expect(strict.rejection == .unitMismatch)
    }

    @Test("a count of nothing in particular fits what is counted; other things do not")
    func counts() {
        let bench = bench("{vehicles}", named: "/u")
        for text in ["{vehicles}", "count", "{count}", "H87", "C62"] {
            #expect(bench.decode(#"{"v":7,"u":"\#(text)"}"#).readings == ["a 7.0"])
        }
        for text in ["{persons}", "IE", "1", "P1", "{vehicles}/h"] {
            #expect(bench.decode(#"{"v":7,"u":"\#(text)"}"#).rejection == .unitMismatch)
        }
    }

    @Test("what two systems spell alike is one unit, but for the `%`")
    func alike() {
        for row in UnitTable.rows {
            for text in [row.code] + row.commonCodes + row.senmlSymbols where text != "%" {
                let readings = [Unit.ucum(text), Unit.commonCode(text), Unit.senml(text)].compactMap { $0 }
                #expect(readings.allSatisfy { $0 == row }, "\(text)")
            }
        }
        #expect(Unit.spelled("%")?.code == "%")
    }

    @Test("the spelling to write is one that is read back as it is")
    func written() {
        for row in UnitTable.rows {
            for wire in UnitTable.rows where wire.conversion(to: row) != nil {
                var field = Wire.Field()
                let went = field.convert(to: row, from: wire, namedIn: "/u")
                let spelling = field.unitSpellings.first { $0.text == field.writtenUnit }
                #expect(went && spelling?.scale == field.scale && spelling?.offset == field.offset)
            }
        }
    }
}
