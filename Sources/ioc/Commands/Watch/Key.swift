/// A key an operator presses.
enum Key: Sendable, Equatable {
    case up, down, pageUp, pageDown, first, last
    case letter(Character)
    /// Ctrl-C, which does not end the program by itself while the terminal is in raw mode.
    case interrupt

    /// Takes apart what the terminal sent at once; sequences that mean nothing here are left out.
    static func parse(_ bytes: [UInt8]) -> [Key] {
        var keys: [Key] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 3: keys.append(.interrupt)
            case 0x1B: if let key = sequence(&rest) { keys.append(key) }
            case 33...126: keys.append(.letter(Character(Unicode.Scalar(byte))))
            default: break
            }
        }
        return keys
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
