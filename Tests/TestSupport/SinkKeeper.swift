import NIOCore

/// The sink that connections of a server belong to, from before there is one until it is let go.
///
/// `@unchecked Sendable`: set once before the port is known to anybody, and weak references may be read from any thread.
final class SinkKeeper<Sink: AnyObject>: @unchecked Sendable {
    weak var sink: Sink?

    /// - Throws: once the sink was let go, while its server still ends: nobody is there then.
    func found() throws -> Sink {
        guard let sink else { throw ChannelError.ioOnClosedChannel }
        return sink
    }
}
