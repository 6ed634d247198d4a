import Glibc

/// A thread of the data plane: not a task, so that it may block and nothing else runs on it.
package final class PlainThread {
    private var handle = pthread_t()

    /// - Parameter body: runs once on the new thread.
    package init(_ body: @escaping @Sendable () -> Void) {
        let start = Start(body: body)
        let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
            return nil
        }
        let status = pthread_create(&handle, nil, run, Unmanaged.passRetained(start).toOpaque())
        precondition(status == 0, "the system starts no more threads")
    }

    /// Waits for its end; either this or `detach`, once.
    package func join() { pthread_join(handle, nil) }

    /// Lets it end by itself.
    package func detach() { pthread_detach(handle) }

    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
