import HummingbirdCore
import Store

/// One client's live stream.
///
/// It holds no queue: woken by the feed, it reads from the store what came after the last event it sent, a hundred at
/// a time, and waits until the client has taken them. A slow client reads later what others had at once.
struct AlertStream: Sendable {
    let reads: StoreReads
    let feed: AlertFeed
    let filter: AlertFilter
    let heartbeat: Duration
    /// Begins with the event after this one.
    let start: Int64

    /// Returns when the client is gone, the feed has ended or the service stops.
    func write(to writer: inout any ResponseBodyWriter, until request: RequestBody) async throws {
        try await StreamWakes.follow(feed, every: heartbeat / 2, until: request) { wakes, wake in
            try await send(wakes, wake, &writer)
        }
    }

    private func send(
        _ wakes: AsyncStream<Void>, _ wake: AsyncStream<Void>.Continuation,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        let clock = ContinuousClock()
        var last = start
        var written = clock.now
        try await writer.write(ServerSentEvent.opening(id: last))
        for await _ in wakes {
            let events = try await reads.short { [last] in
                try $0.alertEvents(after: last, limit: ConsoleLimits.events)
            }
            last = events.last?.id ?? last
            // There may be more; not in a loop of its own, so that the end of the stream is noticed in between.
            if events.count == ConsoleLimits.events { wake.yield() }
            let wanted = events.filter(filter.matches)
            if !wanted.isEmpty {
                try await writer.write(try ServerSentEvent.alerts(wanted))
                written = clock.now
            } else if written.duration(to: clock.now) >= heartbeat / 2 {
                // Looked at twice in an interval, so that no silence is longer than one.
                try await writer.write(ServerSentEvent.heartbeat(id: last))
                written = clock.now
            }
        }
    }
}
