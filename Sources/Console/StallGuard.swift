import NIOCore
import Synchronization

/// Cuts a client that takes nothing of its answer: it would keep memory, or a live stream's place, for good.
///
/// A slow client is let be as long as it takes anything at all.
final class StallGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// Of the kernel, for one connection. By itself it would take megabytes, and tell us of a slow client's progress
    /// only a third of them at a time.
    private static let sendBuffer: SocketOptionValue = 64 << 10

    private let limit: TimeAmount
    private let counters: ConsoleCounters
    private var check: Scheduled<Void>?

    init(limit: TimeAmount, counters: ConsoleCounters) {
        self.limit = limit
        self.counters = counters
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // A kernel that refuses keeps its own size.
        try? context.channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: Self.sendBuffer)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
        if !context.channel.isWritable { watch(context.channel) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

    private func watch(_ channel: any Channel) {
        let before = Self.waiting(channel)
        check = channel.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            if Self.waiting(channel) < before {
                self.watch(channel)
            } else {
                self.counters.stalledClients.add(1, ordering: .relaxed)
                channel.close(promise: nil)
            }
        }
    }

    /// Bytes that the client has not taken yet. While a channel is not writable hardly any are added.
    private static func waiting(_ channel: any Channel) -> Int {
        (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
