import Catalog
import Console
import Logging
import Pipeline
import ServiceLifecycle
import Store
import Telemetry
import UnixSignals

/// The whole service: threads, console and helpers as one group that ends in the right order.
struct IntakeSystem: Sendable {
    let settings: Settings
    let store: Store
    let plane: DataPlane
    let status: StatusSource
    let tokenPath: String
    private let services: [any Service]

    /// - Parameters:
    ///   - reloads: those before.
    ///   - consoleStarted: told `host:port` once the console listens.
    /// - Throws: `ServiceFault`, `StoreError`, or of broker and console with their own sentence.
    init(
        catalog: Catalog, reloads: Reloads = Reloads(), logger: Logger,
        consoleStarted: @escaping @Sendable (String) -> Void
    ) throws {
        let settings = catalog.settings
        let opened = try OpenedStore.open(
            catalog, onCorruption: .setAside(at: SystemClock.now()), logger: logger)
        try opened.retireOrphans(at: SystemClock.now(), logger: logger)
        let plane = try DataPlane(catalog, opened, logger: logger)
        let rates = RateMeter(counters: plane.counters)
        let status = StatusSource(
            settings: settings, started: SystemClock.now(), store: opened.store, plane: plane, rates: rates,
            writer: opened.writer.counters, compactor: opened.compactor.counters, gatherer: opened.gatherer,
            log: opened.log,
            console: ConsoleCounters(), reloads: reloads, excess: opened.excess,
            domains: Set(opened.registry.devices.map(\.domain)).sorted()
        )
        self.settings = settings
        self.plane = plane
        self.status = status
        store = opened.store
        tokenPath = settings.tokenPath
        let zone = opened.store.reader.zone
        let sources = ConsoleSources(
            reader: opened.store.reader, feed: plane.feed, views: status.views,
            status: { try status.answer() },
            metrics: { try status.metrics() },
            isReady: { plane.watch.current.fault == nil && plane.storageFault.current == nil },
            command: { await plane.commands.send($0) }, switchRegime: { await plane.commands.send($0) },
            handover: { HandoverDocument.written($0, $1, zone: zone) },
            names: KnownNames(
                regimes: catalog.times.regimes.map(\.name), rules: catalog.selfMonitored().rules,
                registry: opened.registry))
        let console = Console(
            sources: sources, host: settings.http.host, port: settings.http.port,
            token: try AccessToken.load(tokenPath).value, logger: logger, now: { SystemClock.now() },
            limits: status.consoleLimits, counters: status.console,
            onServerRunning: { consoleStarted($0.description) })
        // Shutdown goes from the last to the first: no new messages, then no listeners, then the last commit.
        var services: [any Service] = [
            plane.drain, rates,
            Housekeeping(
                store: opened.store, compactor: opened.compactor, gatherer: opened.gatherer,
                raw: settings.data.rawRetention,
                rollups: settings.data.rollupRetention,
                logger: logger),
            SelfReport(opened.registry, channel: plane.channel, directory: opened.store.directory),
            LimitWatch(log: opened.log, limits: { status.limits() }, logger: logger), console,
        ]
        if settings.broker.publishesAlerts {
            services.append(
                AlertPublisher(
                    settings: try settings.broker.publisher("alerts"), reader: opened.store.reader,
                    feed: plane.feed,
                    channel: plane.channel, publishedBefore: opened.recovered.position.publishedEvent,
                    logger: logger))
        }
        services += try Self.notifying(catalog, opened.store.reader, plane, logger)
        if catalog.profiles.contains(where: { $0.wire.form == .sparkplug }) {
            services.append(
                SparkplugHostService(
                    settings: try settings.broker.publisher("sparkplug"), host: settings.broker.sparkplugHost,
                    channel: plane.channel, watch: plane.watch, logger: logger))
        }
        services.append(plane.intake)
        self.services = services
    }

    /// - Throws: `ServiceFault` if a secret cannot be had.
    private static func notifying(
        _ catalog: Catalog, _ reader: StoreReader, _ plane: DataPlane, _ logger: Logger
    ) throws -> [any Service] {
        for receiver in catalog.receivers { try receiver.checkFiles() }
        return [
            NotificationDispatcher(
                receivers: catalog.receivers, reader: reader, inbox: plane.channel.deliveries,
                feed: plane.feed,
                writer: NotificationWriter(catalog), zone: catalog.zone, logger: logger)
        ]
    }

    /// Runs until a signal, or until one of its services fails.
    func run(_ more: [any Service] = [], signals: [UnixSignal] = [.sigterm, .sigint], logger: Logger)
        async throws
    {
        let group = ServiceGroup(
            configuration: .init(
                services: (services + more).map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                }, gracefulShutdownSignals: signals, logger: logger))
        defer { try? store.close() }
        try await group.run()
    }
}
