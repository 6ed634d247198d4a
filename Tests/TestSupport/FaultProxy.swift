import NIOCore
import NIOPosix

/// A TCP proxy on loopback between a client and a server, whose wire can be made bad while it runs.
///
/// `@unchecked Sendable`: all state is touched on the one event loop only.
package final class FaultProxy: @unchecked Sendable {
    package enum Wire: Sendable, Equatable {
        case sound
        /// Nothing passes in either direction and nobody is told: what is sent arrives once the wire is sound again.
        case blackHole
        /// Every byte arrives alone.
        case oneByteSlices
        /// At most so many bytes arrive in a second, in each direction.
        case slow(bytesPerSecond: Int)
    }

    /// Where to connect instead of the server.
    package let port: UInt16
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loop: any EventLoop
    private let server: any Channel
    private var wire = Wire.sound
    private var relays: [ObjectIdentifier: Relay] = [:]

    /// - Parameter upstream: port of the server on loopback.
    package init(upstream: UInt16) throws {
        loop = group.next()
        let box = Box()
        server = try ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { client in box.proxy!.accept(client, upstream: upstream) }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = UInt16(server.localAddress!.port!)
        box.proxy = self
    }

    /// `@unchecked Sendable`: set once before the port is known to anybody.
    private final class Box: @unchecked Sendable { weak var proxy: FaultProxy? }

    deinit { try? group.syncShutdownGracefully() }

    package func set(_ wire: Wire) {
        onLoop { proxy in
            proxy.wire = wire
            for relay in proxy.relays.values { relay.set(wire) }
        }
    }

    /// Connections through it now.
    package var connections: Int { try! loop.submit { self.relays.count }.wait() }

    /// Ends every connection with RST on both sides.
    package func reset() {
        onLoop { proxy in for relay in proxy.relays.values { relay.reset(bothSides: true) } }
    }

    /// The server's side of every connection is reset; the client is not told and waits.
    package func halfOpen() {
        onLoop { proxy in for relay in proxy.relays.values { relay.reset(bothSides: false) } }
    }

    /// BLOCKS until done.
    private func onLoop(_ body: @escaping @Sendable (FaultProxy) -> Void) {
        try! loop.submit { body(self) }.wait()
    }

    private func accept(_ client: any Channel, upstream: UInt16) -> EventLoopFuture<Void> {
        ClientBootstrap(group: loop).channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: Int(upstream))
            .flatMapErrorThrowing { error in
                client.close(promise: nil)
                throw error
            }
            .flatMapThrowing { server in
                let relay = Relay(client: client, server: server, wire: self.wire)
                let id = ObjectIdentifier(relay)
                self.relays[id] = relay
                try relay.begin()
                client.closeFuture.and(server.closeFuture).whenComplete { _ in self.relays[id] = nil }
            }
    }
}
