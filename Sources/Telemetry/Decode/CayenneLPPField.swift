/// A data type of the Cayenne Low Power Payload.
///
/// Codes, sizes and resolutions from the public tables: "Cayenne Low Power Payload" (myDevices, types 0 to 136) and the
/// table of IPSO objects in ElectronicCats/CayenneLPP, checked against PyCayenneLPP 2.4; which 26 there are is the list of
/// ChirpStack's codec (`cayenne_lpp.rs`). A code is the IPSO object less 3200.
package struct CayenneLPPType: BitwiseCopyable, Sendable {
    package var code: UInt8
    /// Parts of one size each: the axes of an accelerometer.
    package var parts = 1
    package var width: Int
    package var isSigned = false
    package var divisor = 1.0
    /// Of the last part, where it is another: the altitude of `gps`.
    package var lastDivisor: Double?

    package var size: Int { parts * width }

    package func divisor(ofPart part: Int) -> Double {
        part == parts - 1 ? lastDivisor ?? divisor : divisor
    }

    /// Raw numbers of one part.
    package var range: ClosedRange<Int64> {
        let bits = Int64(8 * width)
        return isSigned ? -(1 << (bits - 1))...(1 << (bits - 1)) - 1 : 0...(1 << bits) - 1
    }

    /// By the names profiles use.
    package static let named: [(name: String, type: CayenneLPPType, parts: [String])] = [
        ("digitalInput", CayenneLPPType(code: 0, width: 1), []),
        ("digitalOutput", CayenneLPPType(code: 1, width: 1), []),
        ("analogInput", CayenneLPPType(code: 2, width: 2, isSigned: true, divisor: 100), []),
        ("analogOutput", CayenneLPPType(code: 3, width: 2, isSigned: true, divisor: 100), []),
        ("generic", CayenneLPPType(code: 100, width: 4), []),
        // lx
        ("illuminance", CayenneLPPType(code: 101, width: 2), []),
        ("presence", CayenneLPPType(code: 102, width: 1), []),
        // °C
        ("temperature", CayenneLPPType(code: 103, width: 2, isSigned: true, divisor: 10), []),
        // %
        ("humidity", CayenneLPPType(code: 104, width: 1, divisor: 2), []),
        // g
        (
            "accelerometer", CayenneLPPType(code: 113, parts: 3, width: 2, isSigned: true, divisor: 1_000),
            ["x", "y", "z"]
        ),
        // hPa
        ("barometer", CayenneLPPType(code: 115, width: 2, divisor: 10), []),
        // V
        ("voltage", CayenneLPPType(code: 116, width: 2, divisor: 100), []),
        // A
        ("current", CayenneLPPType(code: 117, width: 2, divisor: 1_000), []),
        // Hz
        ("frequency", CayenneLPPType(code: 118, width: 4), []),
        // %
        ("percentage", CayenneLPPType(code: 120, width: 1), []),
        // m
        ("altitude", CayenneLPPType(code: 121, width: 2, isSigned: true), []),
        // ppm
        ("concentration", CayenneLPPType(code: 125, width: 2), []),
        // W
        ("power", CayenneLPPType(code: 128, width: 2), []),
        // m
        ("distance", CayenneLPPType(code: 130, width: 4, divisor: 1_000), []),
        // kWh
        ("energy", CayenneLPPType(code: 131, width: 4, divisor: 1_000), []),
        // °
        ("direction", CayenneLPPType(code: 132, width: 2), []),
        // s since 1970
        ("unixTime", CayenneLPPType(code: 133, width: 4), []),
        // °/s
        (
            "gyrometer", CayenneLPPType(code: 134, parts: 3, width: 2, isSigned: true, divisor: 100),
            ["x", "y", "z"]
        ),
        ("colour", CayenneLPPType(code: 135, parts: 3, width: 1), ["red", "green", "blue"]),
        // °, °, m
        (
            "gps",
            CayenneLPPType(code: 136, parts: 3, width: 3, isSigned: true, divisor: 10_000, lastDivisor: 100),
            ["latitude", "longitude", "altitude"]
        ),
        ("switch", CayenneLPPType(code: 142, width: 1), []),
    ]

    /// By their codes.
    private static let coded: [CayenneLPPType?] = {
        var types = [CayenneLPPType?](repeating: nil, count: 256)
        for entry in named { types[Int(entry.type.code)] = entry.type }
        return types
    }()

    /// nil if the code is unknown: then nobody can say where the next value starts.
    static func coded(_ code: UInt8) -> CayenneLPPType? { coded[Int(code)] }
}

/// A value in a Cayenne payload by its name: `temperature/3`, `gps/1/latitude`.
package struct CayenneLPPField: Sendable {
    package var channel: UInt8
    package var type: CayenneLPPType
    package var part: Int

    /// What it is looked up by.
    var key: [UInt8] { [type.code, channel, UInt8(part)] }

    /// nil unless `name` is a type, a channel from 0 to 255 and, for types that have parts, one of them.
    package init?(_ name: String) {
        let words = name.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count >= 2, let entry = CayenneLPPType.named.first(where: { $0.name == words[0] }),
            let channel = UInt8(words[1]), "\(channel)" == words[1]
        else { return nil }
        self.channel = channel
        type = entry.type
        if entry.parts.isEmpty {
            guard words.count == 2 else { return nil }
            part = 0
        } else {
            guard words.count == 3, let part = entry.parts.firstIndex(where: { $0 == words[2] }) else {
                return nil
            }
            self.part = part
        }
    }
}
