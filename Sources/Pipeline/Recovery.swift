package import Telemetry

/// Rebuilds what a stopped or killed service had in memory from what it had committed.
package struct Recovery {
    private let history: any History
    private let registry: Registry
    private let rules: [AlertRule]
    private let times: AlertTimes
    private let grace: Milliseconds
    private let openWindows: Int

    /// - Parameter openWindows: see `Aggregator`.
    package init(
        history: any History, registry: Registry, rules: [AlertRule], times: AlertTimes? = nil,
        grace: Milliseconds, openWindows: Int = .max
    ) {
        self.times = times ?? AlertTimes(zone: history.zone)
        self.history = history
        self.registry = registry
        self.rules = rules
        self.grace = grace
        self.openWindows = openWindows
    }

    /// Where the store stood when the last service ended.
    package struct Outcome {
        package var composer: BatchComposer
        package var position: StoredPosition
        package var messages = 0
        package var readings = 0
        /// Kept alert states whose rule or device is no longer configured.
        package var orphans: [AlertInstanceState] = []
    }

    /// - Parameter now: silence before it is nobody's fault.
    package func run(now: Milliseconds) throws -> Outcome {
        let position = try history.position()
        var aggregator = Aggregator(
            shapes: registry.shapes, zone: history.zone, closedThrough: position.closedThrough,
            openWindows: openWindows)
        for tier in Tier.allCases {
            try history.forEachRollup(tier, from: aggregator.restoreFrom(tier)) { aggregator.restore($0) }
        }
        var engine = AlertEngine(rules: rules, registry: registry, listeningSince: now, times: times)
        engine.restore(regimes: try history.regimes())
        try restoreWindows(&engine)
        var outcome = Outcome(
            composer: BatchComposer(registry: registry, aggregator: aggregator, engine: engine, grace: grace),
            position: position)
        outcome.composer.restore(try history.checkpoint())
        for state in try history.alertInstances() where !outcome.composer.restore(state) {
            outcome.orphans.append(state)
        }
        try history.forEachOpenBlock(since: position) { messages, readings, isAfterCheckpoint in
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
    private func restoreWindows(_ engine: inout AlertEngine) throws {
        for tier in Tier.allCases {
            let wanted = engine.history(tier)
            if !wanted.isEmpty { try history.forEachNewestRollup(tier, of: wanted) { engine.restore($0) } }
        }
    }
}
