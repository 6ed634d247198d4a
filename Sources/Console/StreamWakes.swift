import HummingbirdCore
import ServiceLifecycle

/// When a live stream has to look at the store again.
enum StreamWakes {
    /// Calls `body` with a stream that has an element when there are new events, and at least every `interval`. Returns when
    /// the client is gone or the service stops.
    static func follow(
        _ feed: AlertFeed, every interval: Duration, until request: RequestBody,
        _ body: (AsyncStream<Void>, AsyncStream<Void>.Continuation) async throws -> Void
    ) async throws {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // Listens before it first reads: what is stored in between is not missed.
        let changes = feed.changes()
        wake.yield()
        try await request.consumeWithInboundCloseHandler { _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in changes { wake.yield() }
                }
                group.addTask {
                    while true {
                        try await Task.sleep(for: interval)
                        wake.yield()
                    }
                }
                group.addTask {
                    try await gracefulShutdown()
                    wake.finish()
                }
                defer { group.cancelAll() }
                try await body(wakes, wake)
            }
        } onInboundClosed: {
            wake.finish()
        }
    }
}
