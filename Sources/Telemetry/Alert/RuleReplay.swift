/// What rules would have said of stored history: its commits, one after the other, through the aggregator and the engine that
/// run live.
package struct RuleReplay: Sendable {
    private var engine: AlertEngine
    private var aggregator: Aggregator
    private let grace: Milliseconds
    /// By `SeriesID`: whether a rule looks at windows of it.
    private let hasWindows: [Bool]
    package private(set) var readings = 0

    /// - Parameters:
    ///   - rules: what is tried, whether or not it is enabled.
    ///   - start: of the history that is handed in.
    package init(
        rules: [AlertRule], registry: Registry, times: AlertTimes, grace: Milliseconds,
        from start: Milliseconds
    ) {
        let rules = rules.map { rule in
            var rule = rule
            rule.isEnabled = true
            return rule
        }
        let engine = AlertEngine(rules: rules, registry: registry, listeningSince: start, times: times)
        var hasWindows = Array(repeating: false, count: registry.series.count)
        for tier in Tier.allCases {
            for (series, _) in engine.history(tier) { hasWindows[series.index] = true }
        }
        let shapes = registry.shapes.enumerated().map { hasWindows[$0] ? $1 : nil }
        aggregator = Aggregator(
            shapes: shapes, zone: times.zone, closedThrough: Tier.minute.start(of: start, in: times.zone))
        self.engine = engine
        self.hasWindows = hasWindows
        self.grace = grace
    }

    /// Puts what the service keeps of an instance in the place of what the replay came to.
    package mutating func settle(_ state: AlertInstanceState) { _ = engine.restore(state) }

    package mutating func heard(_ device: DeviceID, at arrival: Milliseconds) {
        engine.heard(device, at: arrival)
    }

    package func explanation(rule: String, scope: String, at now: Milliseconds) -> AlertExplanation? {
        engine.explanation(rule: rule, scope: scope, at: now)
    }

    /// How much history the sliding windows of the rules want before what is looked at.
    package static func lead(_ rules: [AlertRule]) -> Milliseconds {
        // Longer ones are taken up from stored windows.
        rules.flatMap(\.thresholds).compactMap { $0.signal.window?.length }.filter { $0 <= Span.day }.max()
            .map {
                2 * $0
            } ?? 0
    }

    /// Where the history of a rule may begin: between two windows of the tier that it looks back at.
    package static func border(of rule: AlertRule) -> Tier {
        let figures = rule.thresholds.compactMap { $0.signal.window?.figure }
        if figures.contains(where: { if case .pace = $0 { true } else { false } }) { return .day }
        return figures.contains { if case .deviation = $0 { true } else { false } } ? .hour : .minute
    }

    /// Rules that are replayed together: all where history goes back far enough, else those of one border, so that none waits
    /// for the first whole day only because another needs it.
    package static func parts(
        of rules: [AlertRule], knowing time: Milliseconds, oldest: Milliseconds, zone: ZoneOffsets
    ) -> [[AlertRule]] {
        guard start(of: rules, knowing: time, oldest: oldest, zone: zone) > time else { return [rules] }
        return Tier.allCases.compactMap { tier in
            let part = rules.filter { border(of: $0) == tier }
            return part.isEmpty ? nil : part
        }
    }

    /// Where a replay begins that is to know everything at `time`: where no window of theirs is cut in two.
    /// - Parameter oldest: history before it is gone; then it begins at the next such place.
    package static func start(
        of rules: [AlertRule], knowing time: Milliseconds, oldest: Milliseconds, zone: ZoneOffsets
    ) -> Milliseconds {
        let tier = rules.map(border).max { $0.length < $1.length } ?? .minute
        let wanted = tier.start(of: time - lead(rules), in: zone)
        guard wanted < oldest, tier != .minute else { return max(wanted, oldest) }
        return tier.end(of: tier.start(of: oldest, in: zone), in: zone)
    }

    /// Stored windows of `tier` that the rules want from before the start: of each series as far back as `length`.
    package func history(_ tier: Tier) -> [(series: SeriesID, length: Milliseconds)] {
        engine.history(tier).filter { $0.length > Span.day }
    }

    /// Takes a stored window from before the start.
    package mutating func restore(_ rollup: Rollup) { engine.restore(rollup) }

    /// Takes a switch of an operator: with the commit of its moment.
    package mutating func take(_ change: RegimeSwitch) {
        _ = engine.switch(change.regime, on: change.isOn, at: change.at)
    }

    /// Takes one commit.
    /// - Returns: the transitions that came of it.
    package mutating func take(_ messages: [AcceptedMessage], _ readings: [Reading], at now: Milliseconds)
        -> [AlertEvent]
    {
        for message in messages { engine.heard(message.device, at: message.arrival) }
        for reading in readings {
            let index = reading.series.index
            guard index < hasWindows.count else { continue }
            if reading.quality == .bad {
                engine.noteNewest(reading.time, of: reading.series)
                continue
            }
            if hasWindows[index] { _ = aggregator.add(reading) }
            engine.read(reading)
        }
        self.readings += readings.count
        engine.closed(aggregator.close(through: now - grace))
        engine.closed(aggregator.takeAmendments())
        engine.advance(to: now)
        return engine.takeEvents()
    }
}
