import Synchronization

/// Tells the live streams that there are new alert events; the events themselves are in the store.
package final class AlertFeed: Sendable {
    private struct State {
        var nextListener = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// New events are durable.
    package func notify() {
        state.withLock { state in
            for listener in state.listeners.values { listener.yield() }
        }
    }

    /// One element or more after every `notify`; several calls may become one element, so nothing piles up.
    package func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let listener = state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in _ = state.listeners.removeValue(forKey: listener) }
        }
        return stream
    }

    /// Streams that listen now.
    package var listenerCount: Int { state.withLock { $0.listeners.count } }
}
