import Pipeline
import ServiceLifecycle

/// A plain thread of the data plane as a service: runs until its work returns, and asks it to at shutdown.
struct ThreadService: Service {
    /// Throws what ends the service.
    let work: @Sendable () throws -> Void
    let stop: @Sendable () -> Void

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                let thread = PlainThread {
                    continuation.resume(with: Result { try work() })
                }
                thread.detach()
            }
        } onGracefulShutdown: {
            stop()
        }
    }
}
