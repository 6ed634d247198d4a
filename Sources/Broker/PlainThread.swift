import Glibc

/// A POSIX thread for code that blocks, which Swift's own pool of threads must not do.
struct PlainThread: Sendable {
    private let id: pthread_t

    /// - Throws: when the system has no thread left.
    init(_ body: @escaping @Sendable () -> Void) throws(BrokerError) {
        let box = Unmanaged.passRetained(Body(body))
        var id = pthread_t()
        let code = pthread_create(&id, nil, { Body.run($0) }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw BrokerError(
                .resources, "no thread: \(String(cString: strerror(code))); raise the limit on threads")
        }
        self.id = id
    }

    /// Waits for its end. Once, and not after `detach`.
    func join() { pthread_join(id, nil) }

    /// Lets it end on its own.
    func detach() { pthread_detach(id) }

    private final class Body: Sendable {
        private let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }

        static func run(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
            if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().body() }
            return nil
        }
    }
}
