/// Keys written with escapes are rare: they may allocate.
enum JSONKey {
    static func unescape(_ key: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var scalars = String.UnicodeScalarView()
        var units: [UInt16] = []
        var at = 0
        func flush() {
            scalars.append(contentsOf: String(decoding: units, as: UTF16.self).unicodeScalars)
            units.removeAll()
        }
        var plain: [UInt8] = []
        func flushPlain() {
            scalars.append(contentsOf: String(decoding: plain, as: UTF8.self).unicodeScalars)
            plain.removeAll()
        }
        while at < key.count {
            guard key[at] == UInt8(ascii: "\\"), at + 1 < key.count else {
                flush()
                plain.append(key[at])
                at += 1
                continue
            }
            flushPlain()
            let letter = key[at + 1]
            if letter == UInt8(ascii: "u"), at + 5 < key.count {
                let hexadecimal = String(decoding: key[(at + 2)..<(at + 6)], as: UTF8.self)
                units.append(UInt16(hexadecimal, radix: 16) ?? 0xFFFD)
                at += 6
                continue
            }
            let replaced: UInt8 =
                switch letter {
                case UInt8(ascii: "b"): 8
                case UInt8(ascii: "f"): 12
                case UInt8(ascii: "n"): 10
                case UInt8(ascii: "r"): 13
                case UInt8(ascii: "t"): 9
                default: letter
                }
            units.append(UInt16(replaced))
            at += 2
        }
        flush()
        flushPlain()
        return Array(String(scalars).utf8)
    }
}
