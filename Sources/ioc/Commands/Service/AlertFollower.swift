import AsyncHTTPClient
import NIOCore
import Store
import Telemetry

/// What is heard of the live stream of alerts.
enum StreamNews: Sendable {
    /// The stream is open. A resumed one goes on where it was cut.
    case open(isResumed: Bool)
    case event(AlertEventAnswer, json: String)
    /// Of a console's view: what has a line and a bell of its own, and how everything is now.
    case announcement(ConsoleAnnouncement)
    case picture(ConsolePicture)
    /// Why it is cut, and when it is tried again.
    case lost(ServiceFailure, retryIn: Duration)
}

/// Follows the live stream of alerts, over breaks of the connection and restarts of the service.
struct AlertFollower: Sendable {
    /// Added to the parameters: the view of a console.
    static let view = (name: "view", value: "console")
    static let path = "/api/v1/alerts/stream"

    let client: ServiceClient
    let parameters: ServiceClient.Parameters

    /// Returns when the task is cancelled.
    /// - Throws: `ServiceFailure` that waiting does not mend.
    func run(_ tell: @Sendable (StreamNews) -> Void) async throws {
        var delay = RetryDelay()
        var parser = SSEParser()
        while !Task.isCancelled {
            do {
                // A message that was cut is sent again whole.
                parser = SSEParser(lastEventID: parser.lastEventID)
                try await follow(&parser, &delay, tell)
                throw client.failure(
                    .unreachable(reason: client.language(vi: "luồng đã kết thúc", en: "the stream ended")))
            } catch let error as CancellationError {
                throw error
            } catch {
                guard !Task.isCancelled else { return }
                guard let failure = client.explained(error) as? ServiceFailure, failure.isTemporary else {
                    throw error
                }
                let wait = delay.next()
                tell(.lost(failure, retryIn: wait))
                try await Task.sleep(for: wait)
            }
        }
    }

    private func follow(
        _ parser: inout SSEParser, _ delay: inout RetryDelay, _ tell: @Sendable (StreamNews) -> Void
    ) async throws {
        let body = try await client.stream(Self.path, parameters, lastEventID: parser.lastEventID)
        tell(.open(isResumed: !parser.lastEventID.isEmpty))
        for try await chunk in body {
            for message in parser.feed(chunk.readableBytesView) {
                let data = Array(message.data.utf8)
                switch message.event {
                case "alert": tell(.event(try client.decode(data), json: message.data))
                case "announcement": tell(.announcement(try client.decode(data)))
                case "console": tell(.picture(try client.decode(data)))
                default: break
                }
            }
            delay.reset(wanted: parser.retry)
        }
    }
}
