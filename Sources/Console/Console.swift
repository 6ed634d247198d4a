import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// Shows the service over HTTP, and takes what operators do.
///
/// Ends its streams at once when the service stops gracefully, and everything else soon after.
package struct Console: Service {
    private let sources: ConsoleSources
    private let address: ListenAddress
    private let token: AccessToken
    private let now: @Sendable () -> Int64
    private let limits: ConsoleLimits
    private let counters: ConsoleCounters
    private let logger: Logger
    private let onServerRunning: @Sendable (ListenAddress) async -> Void

    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - logger: nil for none.
    ///   - now: Unix milliseconds.
    ///   - onServerRunning: told where it listens, once it does.
    package init(
        sources: ConsoleSources, host: String, port: Int, token: String, logger: Logger?,
        now: @escaping @Sendable () -> Int64, limits: ConsoleLimits = ConsoleLimits(),
        counters: ConsoleCounters = ConsoleCounters(),
        onServerRunning: @escaping @Sendable (ListenAddress) async -> Void = { _ in }
    ) {
        self.sources = sources
        address = ListenAddress(host: host, port: port)
        self.token = AccessToken(token)
        self.logger = logger ?? Logger(label: "console") { _ in SwiftLogNoOpLogHandler() }
        self.now = now
        self.limits = limits
        self.counters = counters
        self.onServerRunning = onServerRunning
    }

    /// - Throws: `ConsoleError` if it cannot listen.
    package func run() async throws {
        let reads = StoreReads(reader: sources.reader, logger: logger)
        reads.start()
        do {
            try await serve(reads)
        } catch {
            await reads.stop()
            throw ConsoleError(error, at: address) ?? error
        }
        await reads.stop()
    }

    private func serve(_ reads: StoreReads) async throws {
        let application = application(reads)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { [limits] in
                // The server waits for answers under way, and a client that does not read would make it wait for good.
                try await gracefulShutdown()
                try await Task.sleep(for: limits.grace)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func application(_ reads: StoreReads) -> some ApplicationProtocol {
        let routes = Routes(
            sources: sources, reads: reads, token: token, now: now, limits: limits, counters: counters)
        let stall = TimeAmount(limits.stall)
        return Application(
            router: routes.router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [StallGuard(limit: stall, counters: counters)],
                    idleTimeout: TimeAmount(limits.idle),
                    httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 16 << 10)
                )),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: ConnectionBound(
                    most: limits.connections, counters: counters)),
            onServerRunning: { [address, onServerRunning] channel in
                let port = channel.localAddress?.port ?? address.port
                await onServerRunning(ListenAddress(host: address.host, port: port))
            },
            logger: logger)
    }
}
