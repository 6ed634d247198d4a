import AsyncHTTPClient
import Console
import Foundation
import NIOCore
import Store

/// A client of the live stream. Released, it closes the connection.
final class LiveStream {
    struct Message: Equatable {
        var id: Int64?
        var event: String?
        var data: String?
        var comment: String?
    }

    private var chunks: HTTPClientResponse.Body.AsyncIterator
    private var text = ""
    /// What a browser would send when it comes back.
    private(set) var lastEvent: Int64?

    init(_ body: HTTPClientResponse.Body) { chunks = body.makeAsyncIterator() }

    /// nil when the stream has ended.
    func message() async throws -> Message? {
        while true {
            if let end = text.range(of: "\n\n") {
                let message = Self.parse(text[..<end.lowerBound])
                text = String(text[end.upperBound...])
                lastEvent = message.id ?? lastEvent
                return message
            }
            guard let chunk = try await chunks.next() else { return nil }
            text += String(buffer: chunk)
        }
    }

    /// The next messages that carry an event.
    func alerts(_ count: Int) async throws -> [AlertEventAnswer] {
        var found: [AlertEventAnswer] = []
        while found.count < count, let message = try await message() {
            guard let data = message.data else { continue }
            let event = try AnswerCoding.decoder.decode(AlertEventAnswer.self, from: Data(data.utf8))
            guard message.event == "alert", message.id == event.id else { continue }
            found.append(event)
        }
        return found
    }

    private static func parse(_ lines: Substring) -> Message {
        var message = Message()
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            switch parts[0] {
            case "id": message.id = Int64(value)
            case "event": message.event = value
            case "data": message.data = value
            case "": message.comment = value
            default: if line.hasPrefix(":") { message.comment = value }
            }
        }
        return message
    }
}
