/// A key an operator presses.
enum Key: Sendable, Equatable {
    case up, down, pageUp, pageDown, first, last
    case letter(Character)
    case enter, backspace, escape
    /// Ctrl-C, which does not end the program by itself while the terminal is in raw mode.
    case interrupt

    /// Takes apart what the terminal sent at once; sequences that mean nothing here are left out.
    static func parse(_ bytes: [UInt8]) -> [Key] {
        var keys: [Key] = []
        var rest = bytes[...]
        var isAfterReturn = false
        while let byte = rest.popFirst() {
            defer { isAfterReturn = byte == 0x0D }
            switch byte {
            case 3: keys.append(.interrupt)
            // Terminals turn a return into a line feed, unless they are told not to.
            case 0x0A where isAfterReturn: break
            case 0x0A, 0x0D: keys.append(.enter)
            case 0x08, 0x7F: keys.append(.backspace)
            // By itself it is the key; a sequence comes at once.
            case 0x1B where rest.isEmpty: keys.append(.escape)
            case 0x1B: if let key = sequence(&rest) { keys.append(key) }
            case 32...126: keys.append(.letter(Character(Unicode.Scalar(byte))))
            case 0x80...: keys += letters(byte, &rest).map { .letter($0) }
            default: break
            }
        }
        return keys
    }

    /// Letters that are written with several bytes, as those of Vietnamese.
    private static func letters(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> [Character] {
        var bytes = [first]
        while rest.first ?? 0 >= 0x80 { bytes.append(rest.removeFirst()) }
        return String(decoding: bytes, as: UTF8.self).filter {
            $0 != "\u{FFFD}" && !$0.unicodeScalars.contains(where: Printable.isUnsafe)
        }
    }

    /// What follows an escape: `[A`, `OA`, `[5~`.
    private static func sequence(_ rest: inout ArraySlice<UInt8>) -> Key? {
        guard let kind = rest.first, kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") else {
            return nil
        }
        rest = rest.dropFirst()
        var parameters: [UInt8] = []
        while let byte = rest.popFirst() {
            guard (0x40...0x7E).contains(byte) else {
                parameters.append(byte)
                continue
            }
            return named(byte, String(decoding: parameters, as: UTF8.self))
        }
        return nil
    }

    private static func named(_ final: UInt8, _ parameters: String) -> Key? {
        switch (Character(Unicode.Scalar(final)), parameters) {
        case ("A", _): .up
        case ("B", _): .down
        case ("H", _), ("~", "1"): .first
        case ("F", _), ("~", "4"): .last
        case ("~", "5"): .pageUp
        case ("~", "6"): .pageDown
        default: nil
        }
    }
}
