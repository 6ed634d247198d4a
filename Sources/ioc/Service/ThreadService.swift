import Pipeline
import ServiceLifecycle

/// A plain thread of the data plane as a service: runs until its work returns, and asks it to at shutdown.
struct ThreadService: Service {
    let work: @Sendable () -> Void
    let stop: @Sendable () -> Void

    func run() async throws {
        await withGracefulShutdownHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let thread = PlainThread {
                    work()
                    continuation.resume()
                }
                thread.detach()
            }
        } onGracefulShutdown: {
            stop()
        }
    }
}
