import TestSupport
import Testing

@testable import Mail

@Suite("Mail goes to a server")
struct MailServerTests {
    private let message = MailMessage(
        id: "ioc-17-1", date: "Mon, 05 Jan 2026 08:02:03 +0700", from: "ioc@example.org",
        to: ["an@example.org", "binh@example.org"], subject: "Nước dâng", text: "Mức nước cao\n.\nđi ngay")

    @Test("and is delivered when the server has taken it, to everybody, with its answer")
    func taken() throws {
        let sink = try MailSink()
        let answer = try MailServer(url: "smtp://127.0.0.1:\(sink.port)").send(message)
        #expect(answer == "250 2.0.0 Ok: queued as 1")
        let letter = try #require(sink.taken.first)
        #expect(letter.from == "ioc@example.org")
        #expect(letter.to == ["an@example.org", "binh@example.org"])
        #expect(Array(letter.data.utf8) == message.bytes)
    }

    @Test(
        "what the server says no to is told in its own words",
        arguments: ["MAIL", "RCPT", "DATA", "."])
    func refused(_ word: String) throws {
        let sink = try MailSink(refusals: [word: "451 4.7.1 Try again later"])
        let error = #expect(throws: MailError.self) {
            try MailServer(url: "smtp://127.0.0.1:\(sink.port)").send(message)
        }
        #expect(error?.description == "451 4.7.1 Try again later")
        #expect(sink.taken.isEmpty)
    }

    @Test("a password is not said to a server that offers no TLS")
    func clear() throws {
        let sink = try MailSink()
        let server = MailServer(url: "smtp://127.0.0.1:\(sink.port)", username: "ioc", password: "secret")
        #expect(throws: MailError.self) { try server.send(message) }
        #expect(!sink.said.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test("nobody there is an error with a reason")
    func nobody() throws {
        var port = 0
        do { port = try MailSink().port }
        let error = #expect(throws: MailError.self) {
            try MailServer(url: "smtp://127.0.0.1:\(port)").send(message)
        }
        #expect(error?.description.isEmpty == false)
    }
}
