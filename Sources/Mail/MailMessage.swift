import Foundation

/// A message by RFC 5322 with a plain text in UTF-8.
package struct MailMessage: Sendable, Equatable {
    package var id: String
    package var date: String
    package var from: String
    package var to: [String]
    package var subject: String
    package var text: String

    /// - Parameters:
    ///   - id: what is left of the `@` in Message-ID; a repeat has the same.
    ///   - date: as RFC 5322 writes it.
    package init(id: String, date: String, from: String, to: [String], subject: String, text: String) {
        self.id = id
        self.date = date
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
    }

    /// As it goes over the wire, lines ending in CR LF.
    package var bytes: [UInt8] {
        let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
        let lines = [
            "Date: \(Self.line(date))", "From: <\(Self.line(from))>",
            "To: " + to.map { "<\(Self.line($0))>" }.joined(separator: ",\r\n "),
            "Message-ID: <\(Self.line(id))@\(Self.line(domain))>",
            "Subject: \(Self.words(Self.line(subject)))",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n" + Self.base64(text)).utf8)
    }

    /// What a header may hold: a line break in it would begin another one.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }

    /// Encoded words of RFC 2047, each of at most 75 characters and of whole letters.
    private static func words(_ text: String) -> String {
        guard
            !text.utf8.allSatisfy({ (32...126).contains($0) }) || text.utf8.count > 60 || text.contains("=?")
        else { return text }
        var words: [String] = []
        var piece: [UInt8] = []
        for letter in text {
            // "=?UTF-8?B?" and "?=" leave 63 characters, which hold 45 bytes.
            if piece.count + letter.utf8.count > 45 {
                words.append(word(piece))
                piece = []
            }
            piece += letter.utf8
        }
        words.append(word(piece))
        return words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String {
        "=?UTF-8?B?\(Data(bytes).base64EncodedString())?="
    }

    /// Lines of 76 characters.
    private static func base64(_ text: String) -> String {
        let bytes = Array(text.replacing("\n", with: "\r\n").utf8)
        return stride(from: 0, to: bytes.count, by: 57).map { start in
            Data(bytes[start..<min(start + 57, bytes.count)]).base64EncodedString() + "\r\n"
        }.joined()
    }
}
