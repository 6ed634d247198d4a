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

    @Test("goes to the others where one is not taken, and says who was not")
    func someRefused() throws {
        let sink = try MailSink(refusals: ["RCPT an@example.org": "550 5.1.1 No such user"])
        let answer = try MailServer(url: "smtp://127.0.0.1:\(sink.port)").send(message)
        #expect(answer == "250 2.0.0 Ok: queued as 1 (not for everybody: 550 5.1.1 No such user)")
        #expect(sink.taken.map(\.to) == [["binh@example.org"]])
    }

    @Test("what else a server refuses keeps it from nobody, and is not told as if it did")
    func otherwiseRefused() throws {
        let sink = try MailSink(refusals: ["EHLO": "502 5.5.1 Not here"])
        let answer = try MailServer(url: "smtp://127.0.0.1:\(sink.port)").send(message)
        #expect(answer == "250 2.0.0 Ok: queued as 1")
    }

    @Test("a password is not said to a server that offers no TLS")
    func clear() throws {
        let sink = try MailSink()
        let server = MailServer(url: "smtp://127.0.0.1:\(sink.port)", username: "ioc", password: "secret")
        #expect(throws: MailError.self) { try server.send(message) }
        #expect(!sink.said.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    private func server(
        _ sink: MailSink, scheme: String = "smtp", password: String = "secret", authority: String?
    ) -> MailServer {
        MailServer(
            url: "\(scheme)://127.0.0.1:\(sink.port)", username: "ioc", password: password,
            authority: authority)
    }

    @Test("after STARTTLS, to one that asks for a password, which is said only then")
    func startTLS() throws {
        let certificates = try TestCertificates()
        let sink = try MailSink(security: .init(certificates))
        let answer = try server(sink, authority: certificates.certificate).send(message)
        #expect(answer == "250 2.0.0 Ok: queued as 1")
        let letter = try #require(sink.taken.first)
        #expect(letter.isEncrypted && Array(letter.data.utf8) == message.bytes)
        #expect(sink.said.prefix(4).map { $0.prefix { $0 != " " } } == ["EHLO", "STARTTLS", "EHLO", "AUTH"])
    }

    @Test("over TLS from the first byte")
    func implicitTLS() throws {
        let certificates = try TestCertificates()
        let sink = try MailSink(security: .init(certificates, isImmediate: true))
        _ = try server(sink, scheme: "smtps", authority: certificates.certificate).send(message)
        #expect(sink.taken.first?.isEncrypted == true)
        #expect(!sink.said.contains("STARTTLS"))
    }

    @Test("a wrong password is told in the server's words")
    func wrongPassword() throws {
        let certificates = try TestCertificates()
        let sink = try MailSink(security: .init(certificates))
        let error = #expect(throws: MailError.self) {
            try server(sink, password: "wrong", authority: certificates.certificate).send(message)
        }
        #expect(error?.description == "535 5.7.8 Authentication credentials invalid")
        #expect(sink.taken.isEmpty)
    }

    @Test(
        "a server whose certificate nobody vouches for is told nothing, and the reason says so",
        arguments: ["smtp", "smtps"], [true, false])
    func untrusted(_ scheme: String, _ hasOtherAuthority: Bool) throws {
        let certificates = try TestCertificates()
        let other = try TestCertificates()
        let sink = try MailSink(security: .init(certificates, isImmediate: scheme == "smtps"))
        let authority = hasOtherAuthority ? other.certificate : nil
        let error = #expect(throws: MailError.self) {
            try server(sink, scheme: scheme, authority: authority).send(message)
        }
        #expect(error?.description.contains("certificate") == true)
        #expect(!sink.said.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
        #expect(sink.taken.isEmpty)
    }

    @Test("nor by one that has no password: it is not sent in the clear to a server that offers TLS")
    func opportunistic() throws {
        let sink = try MailSink(security: .init(TestCertificates()))
        #expect(throws: MailError.self) {
            try MailServer(url: "smtp://127.0.0.1:\(sink.port)").send(message)
        }
        #expect(!sink.said.contains { $0.hasPrefix("MAIL") })
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
