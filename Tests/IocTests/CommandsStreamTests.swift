import Testing

@testable import ioc

@Suite("Server-sent events")
struct CommandsStreamTests {
    private func parse(_ text: String, by size: Int = .max) -> [SSEParser.Message] {
        var parser = SSEParser()
        let bytes = Array(text.utf8)
        guard size < bytes.count else { return parser.feed(bytes) }
        return stride(from: 0, to: bytes.count, by: size).flatMap {
            parser.feed(bytes[$0..<min($0 + size, bytes.count)])
        }
    }

    @Test("a message ends with a blank line, whatever ends its lines", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) {
        let text = ["id: 7", "event: alert", "data: {}", "", "data: x", "", ""].joined(separator: end)
        let wanted: [SSEParser.Message] = [
            .init(event: "alert", data: "{}", id: "7"), .init(event: "message", data: "x", id: "7"),
        ]
        #expect(parse(text) == wanted)
        for size in 1...5 { #expect(parse(text, by: size) == wanted) }
    }

    @Test("letters of several bytes survive a cut in their middle")
    func cutLetters() {
        #expect(parse("data: Cầu Trường Tiền\n\n", by: 1).first?.data == "Cầu Trường Tiền")
    }

    @Test("several data lines are joined, and only one space is taken away")
    func severalLines() {
        #expect(parse("data:a\ndata:  b\ndata\n\n").first?.data == "a\n b\n")
    }

    @Test("comments and unknown fields say nothing")
    func comments() {
        #expect(parse(": heartbeat\n\n:\nfoo: bar\nfoo\n\n").isEmpty)
    }

    @Test("an id without data is remembered, but is no message")
    func bareID() {
        var parser = SSEParser()
        #expect(parser.feed(Array("retry: 2000\nid: 12\n\n".utf8)).isEmpty)
        #expect(parser.lastEventID == "12")
        #expect(parser.retry == 2_000)
    }

    @Test("an id counts only once its message is whole")
    func halfMessage() {
        var parser = SSEParser(lastEventID: "4")
        #expect(parser.feed(Array("id: 5\ndata: x\n".utf8)).isEmpty)
        #expect(parser.lastEventID == "4")
    }

    @Test("an empty id forgets, an id with a zero byte is ignored, and so is a retry that is no number")
    func oddFields() {
        var parser = SSEParser(lastEventID: "4")
        _ = parser.feed(Array("id: 5\u{0}\nretry: soon\n\n".utf8))
        #expect(parser.lastEventID == "4")
        #expect(parser.retry == nil)
        _ = parser.feed(Array("id\n\n".utf8))
        #expect(parser.lastEventID == "")
    }

    @Test("a byte order mark before the first line is no part of it")
    func byteOrderMark() {
        #expect(parse("\u{FEFF}data: x\n\n").first?.data == "x")
    }

    @Test("waiting doubles up to five seconds, and begins anew with what the service asked for")
    func retryDelay() {
        var delay = RetryDelay()
        let waits = (0..<6).map { _ in delay.next() }
        #expect(
            waits == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5)])
        delay.reset(wanted: 2_000)
        #expect(delay.next() == .seconds(2))
        delay.reset(wanted: nil)
        #expect(delay.next() == .milliseconds(500))
        delay.reset(wanted: .max)
        #expect(delay.next() == .seconds(5))
    }
}
