import FoundationEssentials
import NIOCore
import Store
import Telemetry

/// The lines of a live stream (WHATWG HTML, section 9.2).
enum ServerSentEvent {
    /// What a stream begins with. A client learns the id it starts behind, so that it misses nothing even if it is cut
    /// before the first event; and to come back after two seconds.
    static func opening(id: Int64) -> ByteBuffer { ByteBuffer(string: "retry: 2000\nid: \(id)\n\n") }

    /// A comment, which clients ignore. An id without data is noted but not shown: events that a filter left out need
    /// not be looked at again by a client that comes back.
    static func heartbeat(id: Int64) -> ByteBuffer { ByteBuffer(string: ": heartbeat\nid: \(id)\n\n") }

    static func alerts(_ events: [AlertEventAnswer]) throws -> ByteBuffer {
        let encoder = AnswerCoding.encoder
        var buffer = ByteBuffer()
        for event in events {
            buffer.writeString("id: \(event.id)\nevent: alert\ndata: ")
            buffer.writeBytes(try encoder.encode(event))
            buffer.writeString("\n\n")
        }
        return buffer
    }

    // MARK: View of a console

    static func opening(_ position: ConsolePosition) -> ByteBuffer {
        ByteBuffer(string: "retry: 2000\nid: \(position)\n\n")
    }

    static func announcements(_ announcements: [ConsoleAnnouncement]) throws -> ByteBuffer {
        let encoder = AnswerCoding.encoder
        var buffer = ByteBuffer()
        for announcement in announcements {
            buffer.writeString("id: \(announcement.position)\nevent: announcement\ndata: ")
            buffer.writeBytes(try encoder.encode(announcement))
            buffer.writeString("\n\n")
        }
        return buffer
    }

    /// Without an id: it is no news to go on behind, but how everything is now.
    static func picture(_ picture: ConsolePicture) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: console\ndata: ")
        buffer.writeBytes(try AnswerCoding.encoder.encode(picture))
        buffer.writeString("\n\n")
        return buffer
    }
}
