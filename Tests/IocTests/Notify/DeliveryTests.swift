import AsyncHTTPClient
import Crypto
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import ioc

private let message = NotificationMessage(
    id: "ioc-17-1767574923000", sentMs: 1_767_574_923_000, subject: "[cao] Nước dâng", text: "Nước dâng\n",
    body: Array(#"{"id":"ioc-17-1767574923000"}"#.utf8))

/// A secret in a file of mode 600.
private struct Secret {
    let directory: TemporaryDirectory
    var path: String { directory.path + "/secret" }
    let key = Data((0..<32).map { UInt8($0) })

    init() throws {
        directory = try TemporaryDirectory()
        try write("whsec_" + key.base64EncodedString() + "\n", mode: 0o600)
    }

    func write(_ text: String, mode: Int) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}

@Suite("A webhook")
struct WebhookDeliveryTests {
    private let secret: Secret

    init() throws { secret = try Secret() }

    private func deliver(to sink: HookSink) async throws -> String {
        let http = WebhookDelivery.client()
        let delivery = WebhookDelivery(
            url: "http://127.0.0.1:\(sink.port)/alerts", secretFile: secret.path, http: http)
        let result: Result<String, any Error>
        do { result = .success(try await delivery.deliver(message)) } catch { result = .failure(error) }
        try await http.shutdown()
        return try result.get()
    }

    @Test("gets the JSON, with an id, a time and a signature that whoever has the secret can check")
    func signed() async throws {
        let sink = try HookSink()
        #expect(try await deliver(to: sink) == "HTTP 200 OK")
        let post = try #require(sink.received.first)
        #expect(post.body == message.body)
        #expect(post.headers["content-type"] == "application/json; charset=utf-8")
        let id = try #require(post.headers["webhook-id"])
        let time = try #require(post.headers["webhook-timestamp"])
        #expect(id == message.id)
        let signature = try #require(post.headers["webhook-signature"]?.dropFirst(3))
        let code = try #require(Data(base64Encoded: String(signature)))
        let signed = Data("\(id).\(time).".utf8) + Data(post.body)
        let key = SymmetricKey(data: secret.key)
        #expect(HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key))
        #expect(!HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed + [0], using: key))
    }

    @Test("is signed as the specification's own example is")
    func example() throws {
        let signature = try #require(WebhookSignature(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = signature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(headers.last?.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(
        "that answers otherwise has not got it, and may ask to be left alone",
        arguments: [301, 400, 429, 500, 503])
    func refused(_ status: Int) async throws {
        let sink = try HookSink(answers: [
            .init(status, ["Retry-After": "120", "Location": "/x"], body: "no\nmore")
        ])
        let failure = await #expect(throws: DeliveryFailure.self) { try await deliver(to: sink) }
        #expect(failure?.description.hasPrefix("HTTP \(status) ") == true)
        #expect(failure?.description.hasSuffix(": no") == true)
        #expect(failure?.wait == 120_000)
        #expect(sink.received.count == 1)
    }

    @Test("is not told with a secret that others may read, or that is none")
    func secrets() async throws {
        let sink = try HookSink()
        try secret.write("whsec_" + secret.key.base64EncodedString(), mode: 0o640)
        await #expect(throws: DeliveryFailure.self) { try await deliver(to: sink) }
        for text in ["", "whsec_short", "whsec_%%%%"] {
            try secret.write(text, mode: 0o600)
            await #expect(throws: DeliveryFailure.self) { try await deliver(to: sink) }
        }
        #expect(sink.received.isEmpty)
    }

    @Test("may say when to come again in seconds or as a date")
    func retryAfter() {
        let now: Milliseconds = 1_767_574_923_000
        #expect(RetryAfter.parse("30", now: now) == 30_000)
        #expect(RetryAfter.parse("Mon, 05 Jan 2026 01:03:03 GMT", now: now) == 60_000)
        #expect(RetryAfter.parse("Mon, 05 Jan 2026 00:00:00 GMT", now: now) == 0)
        #expect(RetryAfter.parse("soon", now: now) == nil)
        #expect(RetryAfter.parse(nil, now: now) == nil)
    }
}

@Suite("A mail server")
struct MailDeliveryTests {
    @Test("gets a mail in the receiver's language with the message's own id")
    func taken() async throws {
        let sink = try MailSink()
        let route = MailRoute(
            server: "smtp://127.0.0.1:\(sink.port)", from: "ioc@example.org", to: ["lan@example.org"])
        #expect(try await MailDelivery(route: route).deliver(message) == "250 2.0.0 Ok: queued as 1")
        let letter = try #require(sink.taken.first)
        #expect(letter.to == ["lan@example.org"])
        #expect(letter.data.contains("Message-ID: <ioc-17-1767574923000@example.org>\r\n"))
        #expect(letter.data.contains("Date: Mon, 05 Jan 2026 01:02:03 +0000\r\n"))
        #expect(letter.data.contains(Data("Nước dâng\r\n".utf8).base64EncodedString()))
    }

    @Test("that refuses is a failure in its own words")
    func refused() async throws {
        let sink = try MailSink(refusals: ["RCPT": "550 5.1.1 No such user"])
        let route = MailRoute(
            server: "smtp://127.0.0.1:\(sink.port)", from: "ioc@example.org", to: ["lan@example.org"])
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await MailDelivery(route: route).deliver(message)
        }
        #expect(failure?.description == "550 5.1.1 No such user")
    }
}

@Suite("A command")
struct CommandDeliveryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func shell(_ script: String, patience: Duration = .seconds(30)) -> CommandDelivery {
        CommandDelivery(words: ["/bin/sh", "-c", script], patience: patience)
    }

    @Test("gets the JSON on standard input, and has it when it ends well")
    func taken() async throws {
        let path = directory.path + "/got"
        let delivery = CommandDelivery(words: ["/usr/bin/tee", path])
        #expect(
            try await delivery.deliver(message) == "exit code 0: "
                + String(decoding: message.body, as: UTF8.self))
        #expect(
            try String(contentsOfFile: path, encoding: .utf8) == String(decoding: message.body, as: UTF8.self)
        )
    }

    @Test("gets its arguments as they are, for there is no shell")
    func arguments() async throws {
        let delivery = CommandDelivery(words: ["/bin/echo", "$HOME; `id` *"])
        #expect(try await delivery.deliver(message) == "exit code 0: $HOME; `id` *")
    }

    @Test("that ends otherwise is a failure, with the first line of what it says")
    func failed() async throws {
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await shell("echo siren is broken >&2; echo more; exit 3").deliver(message)
        }
        #expect(failure?.description.contains("3") == true)
        #expect(failure?.description.hasSuffix(": siren is broken") == true)
    }

    @Test("need not read what it is given, nor stop talking")
    func careless() async throws {
        var large = message
        large.body = Array(repeating: 0x20, count: 1 << 20)
        #expect(try await shell("exit 0").deliver(large) == "exit code 0")
        #expect(try await shell("yes | head -c 1000000").deliver(message).hasPrefix("exit code 0: y"))
    }

    @Test("that does not end is killed with all it started")
    func hanging() async throws {
        let mark = directory.path + "/mark"
        let hanging = shell(
            "trap '' TERM; (trap '' TERM; sleep 600; touch \(mark)) & sleep 600", patience: .milliseconds(200)
        )
        let failure = await #expect(throws: DeliveryFailure.self) { try await hanging.deliver(message) }
        #expect(failure?.description.hasPrefix("killed") == true)
    }

    @Test("leaves nothing behind that does not care for being asked to end")
    func orphans() async throws {
        let path = directory.path + "/child"
        let hanging = shell(
            "(trap '' TERM; exec sleep 600) & echo $! > \(path); wait", patience: .milliseconds(500))
        await #expect(throws: DeliveryFailure.self) { try await hanging.deliver(message) }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        for _ in 0..<200 where kill(child, 0) == 0 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(kill(child, 0) == -1 && errno == ESRCH)
    }

    @Test("that is not there is a failure")
    func missing() async throws {
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await CommandDelivery(words: ["/nowhere/siren"]).deliver(message)
        }
        #expect(failure?.description.hasPrefix("cannot run /nowhere/siren") == true)
    }
}
