import Glibc
import NIOCore

extension FaultProxy {
    /// One connection through the proxy: two channels, each written with what the other reads.
    ///
    /// `@unchecked Sendable`: lives on the proxy's event loop.
    final class Relay: @unchecked Sendable {
        private let toServer: Direction
        private let toClient: Direction

        init(client: any Channel, server: any Channel, wire: Wire) {
            toServer = Direction(from: client, to: server, wire: wire)
            toClient = Direction(from: server, to: client, wire: wire)
        }

        func begin() throws {
            try toServer.begin()
            try toClient.begin()
        }

        func set(_ wire: Wire) {
            toServer.set(wire)
            toClient.set(wire)
        }

        func reset(bothSides: Bool) {
            toServer.isCut = true
            toClient.isCut = true
            Self.reset(toClient.source)
            if bothSides { Self.reset(toServer.source) }
        }

        /// Closing with a linger of zero sends RST (socket(7)).
        private static func reset(_ channel: any Channel) {
            let options = channel as! any SocketOptionProvider
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
                channel.close(promise: nil)
            }
        }
    }

    /// Bytes of one direction on their way, at the pace of the wire.
    ///
    /// `@unchecked Sendable`: lives on the proxy's event loop.
    final class Direction: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = ByteBuffer

        let source: any Channel
        private let destination: any Channel
        private var wire: Wire
        private var waiting = ByteBuffer()
        private var isTicking = false
        /// Nothing passes any more, and an end of one side is not told to the other.
        var isCut = false
        /// The source closed: the destination is closed behind what is still waiting.
        private var hasEnded = false

        /// Bytes held before the source is left unread: as much as a socket buffers.
        private static let capacity = 64 << 10
        private static let tick = TimeAmount.milliseconds(10)

        init(from source: any Channel, to destination: any Channel, wire: Wire) {
            self.source = source
            self.destination = destination
            self.wire = wire
        }

        func begin() throws {
            try source.pipeline.syncOperations.addHandler(self)
            source.read()
        }

        func set(_ wire: Wire) {
            self.wire = wire
            forward()
        }

        /// The accepted side becomes active only after its server was found.
        func channelActive(context: ChannelHandlerContext) { context.read() }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            waiting.writeBuffer(&bytes)
            forward()
        }

        func channelInactive(context: ChannelHandlerContext) {
            hasEnded = true
            forward()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func forward() {
            guard !isCut else { return waiting.clear() }
            defer {
                if hasEnded, wire != .blackHole, waiting.readableBytes == 0 {
                    destination.close(promise: nil)
                }
            }
            switch wire {
            case .blackHole: return
            case .sound:
                if let all = waiting.readSlice(length: waiting.readableBytes), all.readableBytes > 0 {
                    destination.writeAndFlush(all, promise: nil)
                }
                waiting.clear()
                source.read()
            case .oneByteSlices: trickle(64) { $0.readSlice(length: 1) }
            case .slow(let rate):
                let share = max(1, rate * Int(Self.tick.nanoseconds) / 1_000_000_000)
                trickle(1) { $0.readSlice(length: min(share, $0.readableBytes)) }
            }
        }

        /// So many slices now, and the rest at the next tick.
        private func trickle(_ slices: Int, _ cut: (inout ByteBuffer) -> ByteBuffer?) {
            guard !isTicking else { return }
            for _ in 0..<slices {
                guard waiting.readableBytes > 0, let slice = cut(&waiting) else { break }
                destination.writeAndFlush(slice, promise: nil)
            }
            if waiting.readableBytes < Self.capacity { source.read() }
            guard waiting.readableBytes > 0 else { return }
            isTicking = true
            source.eventLoop.scheduleTask(in: Self.tick) {
                self.isTicking = false
                self.forward()
            }
        }
    }
}
