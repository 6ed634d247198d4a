import Foundation

/// The spelling of names that become parts of topics, paths and addresses.
package enum Identifier {
    /// `[a-z0-9][a-z0-9._-]{0,63}`
    static func isDevice(_ text: String) -> Bool {
        guard let first = text.utf8.first, isSmallOrDigit(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { isSmallOrDigit($0) || [0x2E, 0x5F, 0x2D].contains($0) }
    }

    /// `[a-z][a-z0-9-]*`: domains and profiles, which are names of files.
    package static func isFileName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first) else { return false }
        return text.utf8.allSatisfy { isSmallOrDigit($0) || $0 == 0x2D }
    }

    /// `[A-Za-z][A-Za-z0-9]*`
    static func isMeasurement(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
    }

    /// Letters of `a-z`, digits, `.`, `_` and hyphens that are left of a text: accents fall, anything else is a hyphen.
    /// - Parameter divides: what of `.` and `_` is a hyphen, too.
    static func slug(_ text: String, _ divides: Unicode.Scalar...) -> String {
        var slug = ""
        for scalar in text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars.prefix(64) {
            switch scalar {
            case "a"..."z", "0"..."9": slug.unicodeScalars.append(scalar)
            case ".", "_": slug.unicodeScalars.append(divides.contains(scalar) ? "-" : scalar)
            case "đ": slug += "d"
            case _ where scalar.properties.generalCategory == .nonspacingMark: break
            default: if !slug.isEmpty, !slug.hasSuffix("-") { slug += "-" }
            }
        }
        while let end = slug.last, "-._".contains(end) { slug.removeLast() }
        while let start = slug.first, "-._".contains(start) { slug.removeFirst() }
        return slug
    }

    /// `[A-Z][A-Za-z0-9]*`
    static func isRule(_ text: String) -> Bool {
        isMeasurement(text) && (65...90).contains(text.utf8.first ?? 0)
    }

    private static func isSmallOrDigit(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
}
