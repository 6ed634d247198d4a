import AsyncHTTPClient
import Console
import Foundation
import NIOCore
import Store
import Telemetry

/// A client of the live stream. Released, it closes the connection.
final class LiveStream {
    struct Message: Equatable {
        var id: Int64?
        /// The id of a console's view.
        var position: String?
        var event: String?
        var data: String?
        var comment: String?
    }

    private var chunks: HTTPClientResponse.Body.AsyncIterator
    /// Bytes, for a letter may come in two chunks.
    private var received: [UInt8] = []
    /// What a browser would send when it comes back.
    private(set) var lastEvent: Int64?
    private(set) var lastPosition: String?

    init(_ body: HTTPClientResponse.Body) { chunks = body.makeAsyncIterator() }

    /// nil when the stream has ended.
    func message() async throws -> Message? {
        while true {
            if let end = received.firstRange(of: Array("\n\n".utf8)) {
                let message = Self.parse(String(decoding: received[..<end.lowerBound], as: UTF8.self)[...])
                received.removeSubrange(..<end.upperBound)
                lastEvent = message.id ?? lastEvent
                lastPosition = message.position ?? lastPosition
                return message
            }
            guard let chunk = try await chunks.next() else { return nil }
            received += chunk.readableBytesView
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

    /// The next announcements of a console's view.
    func announcements(_ count: Int) async throws -> [ConsoleAnnouncement] {
        var found: [ConsoleAnnouncement] = []
        while found.count < count, let message = try await message() {
            guard message.event == "announcement", let data = message.data else { continue }
            found.append(try AnswerCoding.decoder.decode(ConsoleAnnouncement.self, from: Data(data.utf8)))
        }
        return found
    }

    /// The next picture that is `wanted`.
    func picture(_ wanted: (ConsolePicture) -> Bool) async throws -> ConsolePicture? {
        while let message = try await message() {
            guard message.event == "console", let data = message.data else { continue }
            let picture = try AnswerCoding.decoder.decode(ConsolePicture.self, from: Data(data.utf8))
            if wanted(picture) { return picture }
        }
        return nil
    }

    private static func parse(_ lines: Substring) -> Message {
        var message = Message()
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            switch parts[0] {
            case "id":
                message.id = Int64(value)
                message.position = message.id == nil ? value : nil
            case "event": message.event = value
            case "data": message.data = value
            case "": message.comment = value
            default: if line.hasPrefix(":") { message.comment = value }
            }
        }
        return message
    }
}
