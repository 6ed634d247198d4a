import Foundation
import Testing

@testable import Mail

@Suite("A mail message")
struct MailMessageTests {
    private func lines(
        subject: String, text: String = "x", id: String = "1", from: String = "ioc@example.org"
    )
        -> [String]
    {
        let message = MailMessage(
            id: id, date: "today", from: from, to: ["a@b"], subject: subject, text: text)
        return String(decoding: message.bytes, as: UTF8.self).components(separatedBy: "\r\n")
    }

    /// What a reader makes of encoded words on folded lines.
    private func decoded(_ lines: some Sequence<String>) -> String {
        let words = lines.joined().matches(of: /=\?UTF-8\?B\?([^?]*)\?=/)
        return words.map { String(decoding: Data(base64Encoded: String($0.1))!, as: UTF8.self) }.joined()
    }

    @Test("with a subject of ASCII has it as it is")
    func plain() { #expect(lines(subject: "[high] Water rises").contains("Subject: [high] Water rises")) }

    @Test("in Vietnamese has encoded words of at most 75 characters, each of whole letters")
    func vietnamese() {
        let subject = String(repeating: "Mực nước sông Hương vượt báo động, ", count: 8)
        let all = lines(subject: subject)
        let first = all.firstIndex { $0.hasPrefix("Subject: ") }!
        let words = all[first...].prefix { $0.hasPrefix("Subject: ") || $0.hasPrefix(" ") }
        #expect(decoded(words) == subject)
        for word in words {
            let text = word.replacing("Subject: ", with: "").drop { $0 == " " }
            #expect(text.count <= 75)
            #expect(!decoded([String(text)]).contains("\u{FFFD}"))
        }
    }

    @Test("cannot be given more headers by a line break in one")
    func injection() {
        let all = lines(
            subject: "x\r\nBcc: everybody@example.org", id: "1>\r\nX: y", from: "ioc@example.org\nX: y")
        #expect(!all.contains { $0.hasPrefix("Bcc:") || $0.hasPrefix("X:") })
    }

    @Test("has its text as base64 in lines of at most 76 characters, and CR LF in it")
    func body() {
        let text = String(repeating: "đường ngập\n", count: 40)
        let all = lines(subject: "x", text: text)
        let body = all[(all.firstIndex(of: "")! + 1)...]
        #expect(body.allSatisfy { $0.count <= 76 })
        let bytes = Data(base64Encoded: body.joined())!
        #expect(String(decoding: bytes, as: UTF8.self) == text.replacing("\n", with: "\r\n"))
    }
}
