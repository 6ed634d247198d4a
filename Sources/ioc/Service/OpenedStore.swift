import Catalog
import Logging
import Pipeline
import Store
import Telemetry

/// A store with everything it remembers taken up: what live service and replay begin with.
struct OpenedStore {
    let store: Store
    let registry: Registry
    let writer: BatchWriter
    let recovered: Recovery.Outcome
    let compactor: Compactor
    let gatherer: Gatherer
    let log: LogBound
    /// What the configuration has and the service leaves out.
    let excess: [Excess]

    /// - Parameter onCorruption: a service goes on without a damaged database, whoever reads or adds to one by hand does not.
    /// - Throws: `StoreError`.
    static func open(_ catalog: Catalog, onCorruption: Store.OnCorruption, logger: Logger) throws
        -> OpenedStore
    {
        for excess in catalog.excess { logger.warning("\(excess.fault)") }
        let catalog = catalog.withinLimits().selfMonitored()
        let data = catalog.settings.data
        let store = try Store(directory: data.directory, zone: catalog.zone, onCorruption: onCorruption)
        if let setAside = store.setAside {
            logger.critical(
                "the database was damaged (\(setAside.reason)) and is set aside as \(setAside.path); going on in a new one, see docs/reliability.md"
            )
        }
        let registry = try store.register(
            profiles: catalog.profiles, devices: catalog.devices, wards: catalog.wards, rules: catalog.rules,
            at: SystemClock.now())
        let recovery = Recovery(
            history: store, registry: registry, rules: catalog.rules, times: catalog.times,
            grace: catalog.settings.intake.grace,
            openWindows: catalog.settings.limits.openWindows)
        let recovered = try recovery.run(now: SystemClock.now())
        if recovered.readings > 0 { logger.info("took up \(recovered.readings) readings from the journal") }
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: data.acknowledgements, quarantineRows: data.quarantineRows,
            quarantineBytes: data.quarantineBytes)
        return OpenedStore(
            store: store, registry: registry, writer: writer, recovered: recovered,
            compactor: Compactor(store: store), gatherer: Gatherer(store: store),
            log: LogBound(store: store, limit: Int64(data.walBytes)),
            excess: catalog.excess)
    }

    /// Ends what the rules of before left standing. Not for those who read or add to a database by hand.
    func retireOrphans(at now: Milliseconds, logger: Logger) throws {
        let ended = try store.retire(recovered.orphans, at: now)
        guard ended > 0 else { return }
        logger.warning(
            "\(ended) alert\(ended == 1 ? "" : "s") of rules or devices configured no longer ended as `rule-removed`"
        )
    }
}
