import Broker
import Catalog
import Console
import Logging
import Pipeline
import Store
import Telemetry
import Unpacking

/// The two plain threads and what they share: broker to ring, ring to store.
struct DataPlane: Sendable {
    let channel: IntakeChannel
    let counters = LiveCounters()
    let commands: CommandInbox
    let feed = AlertFeed()
    let watch = BrokerWatch()
    let storageFault = StorageFault()
    let intake: ThreadService
    let drain: ThreadService

    init(_ catalog: Catalog, _ opened: OpenedStore, logger: Logger) throws {
        let settings = catalog.settings
        let channel = IntakeChannel(capacity: settings.intake.ringCapacity)
        self.channel = channel
        commands = CommandInbox(work: channel.work)
        var limits = settings.intake.limits
        limits.retention = settings.data.rawRetention
        let ingestor = Ingestor(
            channel: channel, registry: opened.registry, limits: limits, unpacker: PayloadUnpacker(),
            reorderTimeout: settings.broker.sparkplugReorder)
        let bridge = IntakeBridge(
            channel: channel, ingestor: ingestor, store: opened.store, watch: watch,
            position: opened.recovered.position, logger: logger)
        var connection = try settings.broker.intake(subscriptions: ingestor.filters)
        connection.formerSubscriptions = try opened.store.note(subscriptions: ingestor.filters)
        let client = try IntakeClient(settings: connection, handler: bridge)
        let working = HandedOver((client: client, bridge: bridge))
        intake = ThreadService(
            work: { working.value.client.run() },
            stop: {
                working.value.bridge.stop()
                working.value.client.wake()
            })
        var composer = opened.recovered.composer
        composer.routing = NotificationRouting(
            receivers: catalog.receivers, rules: catalog.selfMonitored().rules, zone: catalog.zone)
        let storing = HandedOver(
            Drain(
                channel: channel, store: opened.writer, composer: composer,
                commands: commands,
                counters: counters, surroundings: Self.surroundings(channel, storageFault, feed, logger)))
        let storageFault = storageFault
        drain = ThreadService(
            work: {
                storing.value.run()
                if let fault = storageFault.fatal { throw fault }
            }, stop: { channel.stop() })
    }

    private static func surroundings(
        _ channel: IntakeChannel, _ storageFault: StorageFault, _ feed: AlertFeed, _ logger: Logger
    ) -> Drain<BatchWriter>.Surroundings {
        .init(
            now: SystemClock.now, ticks: SystemClock.ticks,
            committed: { batch in
                if storageFault.clear() { logger.notice("storing works again") }
                if !batch.alertEvents.isEmpty { feed.notify() }
            },
            failed: { error, _ in
                if let error = error as? StoreError, error.needsNewStart {
                    storageFault.noteFatal(error)
                    logger.critical("ending, so that a new start can check the database: \(error)")
                    return channel.stop()
                }
                guard storageFault.note("\(error)") else { return }
                logger.error("cannot store; nothing is acknowledged until it works again: \(error)")
            })
    }
}
