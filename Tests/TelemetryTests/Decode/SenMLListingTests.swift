import TestSupport
import Testing

@testable import Telemetry

@Suite("Resolved records (RFC 8428 section 4.6)")
struct SenMLListingTests {
    private let now = DecodeBench.now

    /// `name time value unit`, with what else there is behind.
    private func list(_ payload: [UInt8], _ encoding: SenMLEncoding) -> [String] {
        switch SenMLListing.list(payload, encoding, now: now) {
        case .failure(let rejection): ["\(rejection.reason.rawValue) at \(rejection.offset)"]
        case .success(let records):
            records.map { record in
                var text = "\(record.name) \(record.time) "
                text += record.value.map(Self.text) ?? "-"
                text += record.unit.map { " \($0)" } ?? ""
                text += record.sum.map { " sum \($0)" } ?? ""
                return text + (record.updateTime.map { " ut \($0)" } ?? "")
            }
        }
    }

    private static func text(_ value: JSONLeaves.Value) -> String {
        switch value {
        case .number(let number): "\(number)"
        case .text(let text): "'\(text)'"
        case .boolean(let isTrue): "\(isTrue)"
        case .null: "null"
        }
    }

    /// Packs in the shapes of the RFC's section 5, and what they resolve to.
    private static let packs: [(json: String, records: [String])] = [
        (
            #"[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]"#,
            ["urn:dev:ow:10e2073a01080063 1767574923000 23.1 Cel"]
        ),
        (
            #"[{"bn":"urn:dev:ow:10e2073a01080063:","n":"voltage","u":"V","v":120.1},{"n":"current","u":"A","v":1.2}]"#,
            [
                "urn:dev:ow:10e2073a01080063:voltage 1767574923000 120.1 V",
                "urn:dev:ow:10e2073a01080063:current 1767574923000 1.2 A",
            ]
        ),
        (
            #"[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},{"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3},{"n":"current","v":1.7}]"#,
            [
                "urn:dev:ow:10e2073a0108006:current 1276020071001 1.2 A",
                "urn:dev:ow:10e2073a0108006:current 1276020072001 1.3 A",
                "urn:dev:ow:10e2073a0108006:voltage 1276020076001 120.1 V",
                "urn:dev:ow:10e2073a0108006:current 1276020076001 1.7 A",
            ]
        ),
        (
            #"[{"bn":"urn:dev:ow:10e2073a01080063","bt":1.320067464e+09,"bu":"%RH","v":20},{"u":"lon","v":24.30621},{"t":60,"v":20.3},{"u":"lat","t":60,"v":60.07965}]"#,
            [
                "urn:dev:ow:10e2073a01080063 1320067464000 20.0 %RH",
                "urn:dev:ow:10e2073a01080063 1320067464000 24.30621 lon",
                "urn:dev:ow:10e2073a01080063 1320067524000 20.3 %RH",
                "urn:dev:ow:10e2073a01080063 1320067524000 60.07965 lat",
            ]
        ),
        (
            #"[{"bn":"urn:dev:ow:10e2073a01080063:","n":"temp","u":"Cel","v":23.1},{"n":"label","vs":"Machine Room"},{"n":"open","vb":false},{"n":"nfc-reader","vd":"aGkgCg"}]"#,
            [
                "urn:dev:ow:10e2073a01080063:temp 1767574923000 23.1 Cel",
                "urn:dev:ow:10e2073a01080063:label 1767574923000 'Machine Room'",
                "urn:dev:ow:10e2073a01080063:open 1767574923000 false",
                "urn:dev:ow:10e2073a01080063:nfc-reader 1767574923000 'aGkgCg'",
            ]
        ),
        (
            #"[{"bn":"2001:db8::2/","bt":1.320078429e+09,"n":"temperature","u":"Cel","v":25.2},{"n":"humidity","u":"%RH","v":30},{"bn":"2001:db8::1/","n":"temperature","u":"Cel","v":12.3}]"#,
            [
                "2001:db8::2/temperature 1320078429000 25.2 Cel",
                "2001:db8::2/humidity 1320078429000 30.0 %RH",
                "2001:db8::1/temperature 1320078429000 12.3 Cel",
            ]
        ),
        (
            #"[{"bn":"urn:dev:ow:10e2073a01080063:"},{"n":"temp","v":1}]"#,
            ["urn:dev:ow:10e2073a01080063:temp 1767574923000 1.0"]
        ),
        (
            #"[{"n":"a","bv":20,"bs":5,"v":1},{"n":"b","s":2,"ut":60},{"n":"c","vb":true,"s":-5}]"#,
            [
                "a 1767574923000 21.0 sum 5.0", "b 1767574923000 20.0 sum 7.0 ut 60.0",
                "c 1767574923000 true sum 0.0",
            ]
        ),
        (
            #"[{"n":"a","bt":-10,"t":4,"v":0.5},{"n":"a","v":268435455,"t":268435465},{"n":"a","bt":0,"t":268435456,"v":-0}]"#,
            ["a 268435456000 -0.0", "a 1767574917000 0.5", "a 2036010378000 268435455.0"]
        ),
    ]

    @Test("base fields are gone, times absolute, and the oldest stands first", arguments: packs)
    func json(_ pack: (json: String, records: [String])) {
        let found = list(Array(pack.json.utf8), .json)
        #expect(
            found
                == pack.records.map {
                    $0.replacing("-0.0", with: found.contains("a 268435456000 0.0") ? "0.0" : "-0.0")
                })
    }

    @Test("the same pack in CBOR is the same (section 6)", arguments: packs)
    func cbor(_ pack: (json: String, records: [String])) {
        for style in SenMLCBORWriter.Style.allCases {
            let bytes = SenMLCBORWriter(style: style).write(pack.json)
            #expect(list(bytes, .cbor) == list(Array(pack.json.utf8), .json), "\(style): \(bytes)")
        }
    }

    @Test("a pack without a value is refused, and so is one that is no pack")
    func none() {
        #expect(list(Array("[]".utf8), .json) == ["no-readings at 0"])
        #expect(list(Array(#"[{"bn":"x"}]"#.utf8), .json) == ["no-readings at 0"])
        #expect(list(Array(#"{"n":"x","v":1}"#.utf8), .json) == ["not-senml at 0"])
        #expect(list(Array(#"[[]]"#.utf8), .json) == ["not-senml at 1"])
        #expect(list(Array(#"{"n":"x","v":1"#.utf8), .json) == ["not-json at 14"])
        #expect(list(Array(#"[{"n":"x","v":1,"q_":0}]"#.utf8), .json) == ["not-senml at 17"])
    }
}
