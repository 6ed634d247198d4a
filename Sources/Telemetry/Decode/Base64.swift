/// Bytes as text (RFC 4648).
package enum Base64 {
    package enum Alphabet {
        /// Section 4, with padding.
        case standard
        /// Section 5, without.
        case url
    }

    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlLetters = Array(letters.dropLast(2) + "-_".utf8)

    package static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> [UInt8] {
        let letters = alphabet == .url ? urlLetters : letters
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for place in 0...count { text.append(letters[Int(group >> UInt32(18 - 6 * place) & 63)]) }
            if alphabet == .standard {
                text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count))
            }
        }
        return text
    }
}
