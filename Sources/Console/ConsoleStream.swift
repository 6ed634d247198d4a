import HummingbirdCore
import Store
import Telemetry

/// One client's view of a console, live: announcements one by one as they are made, and the whole picture when it has
/// changed, at most once a second. However many alerts come, no more than that is sent.
struct ConsoleStream: Sendable {
    let reads: StoreReads
    let feed: AlertFeed
    let views: ConsoleViews
    let scope: ConsoleScope
    let now: @Sendable () -> Int64
    let heartbeat: Duration
    /// Begins with the announcement after this one; nil: with the next.
    let start: ConsolePosition?

    /// A flood ends by the clock: so often it is looked at. The picture is not sent more often.
    private static let pace = Duration.seconds(1)

    func write(to writer: inout any ResponseBodyWriter, until request: RequestBody) async throws {
        try await StreamWakes.follow(feed, every: Self.pace, until: request) { wakes, _ in
            try await send(wakes, &writer)
        }
    }

    private func send(_ wakes: AsyncStream<Void>, _ writer: inout any ResponseBodyWriter) async throws {
        let clock = ContinuousClock()
        var position = try await opening()
        var shown: ConsolePicture?
        var shownAt = clock.now
        var written = clock.now
        try await writer.write(ServerSentEvent.opening(position))
        for await _ in wakes {
            let isPictureDue = shown == nil || shownAt.duration(to: clock.now) >= Self.pace
            let (news, picture) = try await look(after: position, withPicture: isPictureDue)
            if let last = news.last {
                try await writer.write(try ServerSentEvent.announcements(news))
                position = last.position
                written = clock.now
            }
            if let picture, picture != shown {
                try await writer.write(try ServerSentEvent.picture(picture))
                shown = picture
                shownAt = clock.now
                written = shownAt
            } else if written.duration(to: clock.now) >= heartbeat / 2 {
                try await writer.write(ServerSentEvent.opening(position))
                written = clock.now
            }
        }
    }

    /// Where the client goes on; one that comes anew hears what comes from now on.
    private func opening() async throws -> ConsolePosition {
        if let start { return start }
        let time = now()
        let view = try await reads.short { try views.view(scope, $0, at: time) }
        return view.announcements.last?.position ?? ConsolePosition(atMs: 0, event: 0)
    }

    private func look(after position: ConsolePosition, withPicture: Bool) async throws
        -> ([ConsoleAnnouncement], ConsolePicture?)
    {
        let time = now()
        return try await reads.short { reader in
            let view = try views.view(scope, reader, at: time)
            let news = view.announcements.filter { $0.position > position }
            guard withPicture else { return (news, nil) }
            let open = try reader.openCounts(scope)
            return (news, ConsolePicture(view, open: open.states, priorities: open.priorities))
        }
    }
}
