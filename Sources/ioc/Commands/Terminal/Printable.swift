/// Text from outside made harmless: nothing a device or an operator wrote may steer the terminal.
enum Printable {
    /// One line; control characters and those that turn the direction of writing are shown as their names.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var line = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) { line += escape(scalar) } else { line.unicodeScalars.append(scalar) }
        }
        return line
    }

    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<32, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(scalar.value, radix: 16)
            if scalar.value < 0x100 { return "\\x" + (digits.count < 2 ? "0" : "") + digits }
            return "\\u{\(digits)}"
        }
    }
}
