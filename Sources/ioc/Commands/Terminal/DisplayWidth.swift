/// How many columns of a terminal a text takes.
enum DisplayWidth {
    static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

    /// A letter with its marks is one character of one or two columns, however many scalars it is written with.
    static func of(_ character: Character) -> Int {
        if let byte = character.asciiValue { return byte < 32 || byte == 127 ? 0 : 1 }
        return min(character.unicodeScalars.reduce(0) { $0 + of($1) }, 2)
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // Vowels and final consonants of a Korean syllable join its first letter.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return isWide(scalar.value) || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    /// East Asian Width `W` and `F` (Unicode Annex 11), by blocks.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18AFF, 0x1B000...0x1B2FF,
            0x1F200...0x1F2FF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// `text` in at most `width` columns, with `…` where it was cut; marks stay with their letters.
    static func truncate(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var kept = ""
        var used = 0
        for character in text {
            let next = used + of(character)
            if next > width - 1 { break }
            kept.append(character)
            used = next
        }
        return kept + "…"
    }

    static func pad(_ text: String, to width: Int, _ alignment: Table.Alignment) -> String {
        let space = String(repeating: " ", count: max(width - of(text), 0))
        return alignment == .left ? text + space : space + text
    }
}
