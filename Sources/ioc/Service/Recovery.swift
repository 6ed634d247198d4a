import Pipeline
import Store
import Telemetry

/// Rebuilds what a stopped or killed service had in memory from what it had committed.
struct Recovery {
    let store: Store
    let registry: Registry
    let rules: [AlertRule]
    let grace: Milliseconds

    /// Where the store stood when the last service ended.
    struct Outcome {
        var composer: BatchComposer
        var position: Store.Position
        var messages = 0
        var readings = 0
        /// Kept alert states whose rule or device is no longer configured.
        var orphans = 0
    }

    /// - Parameter now: silence before it is nobody's fault.
    func run(now: Milliseconds) throws -> Outcome {
        let position = try store.position()
        var aggregator = Aggregator(
            shapes: registry.shapes, zone: store.zone, closedThrough: position.closedThrough)
        for tier in Tier.allCases {
            try store.forEachRollup(tier, from: aggregator.restoreFrom(tier)) { aggregator.restore($0) }
        }
        var engine = AlertEngine(rules: rules, registry: registry, listeningSince: now)
        try restoreWindows(&engine, position)
        var outcome = Outcome(
            composer: BatchComposer(registry: registry, aggregator: aggregator, engine: engine, grace: grace),
            position: position)
        outcome.composer.restore(try store.checkpoint())
        for state in try store.alertInstances() where !outcome.composer.restore(state) {
            outcome.orphans += 1
        }
        try store.forEachOpenBlock(since: position) { messages, readings, isAfterCheckpoint in
            outcome.messages += messages.count
            outcome.readings += readings.count
            if isAfterCheckpoint { for message in messages { outcome.composer.restore(message) } }
            for reading in readings {
                outcome.composer.restore(reading, isAfterCheckpoint: isAfterCheckpoint)
            }
        }
        return outcome
    }

    /// The sliding windows of rules go on with the stored windows they are made of.
    private func restoreWindows(_ engine: inout AlertEngine, _ position: Store.Position) throws {
        guard position.closedThrough > .min else { return }
        for tier in Tier.allCases {
            let history = engine.history(tier)
            guard history > 0 else { continue }
            try store.forEachRollup(tier, from: position.closedThrough - history) { engine.restore($0) }
        }
    }
}
