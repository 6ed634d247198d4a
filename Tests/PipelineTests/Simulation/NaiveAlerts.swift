import Telemetry

/// The alerts that must come of the committed batches if nothing had ever crashed: every window is added up anew, every
/// newest reading looked for, and nothing is forgotten over a restart but when the service began to listen.
struct NaiveAlerts {
    struct State: Equatable {
        var settled = AlertState.normal
        var holds = false
        var since = Milliseconds.min
        var onset = Milliseconds.min
        /// Value at which the condition last held.
        var value: Double?
    }

    private let city: SimulatedCity
    private var rules: [AlertRule] = []
    private var active: [Int] = []
    private var listeningSince: Milliseconds = 0
    /// By rule, then by device; rules and devices that are not configured keep theirs.
    private var states: [SimulatedStore.InstanceKey: State] = [:]
    private var heard: [Int: Milliseconds] = [:]
    /// Time of the newest reading of a series: of a counter the newest good one.
    private var newest: [SeriesID: Milliseconds] = [:]
    private var windows: [SeriesID: [Tier: [Milliseconds: Accumulator]]] = [:]
    private var events: [AlertEvent] = []

    init(city: SimulatedCity) { self.city = city }

    /// The service began anew.
    mutating func begin(rules: [AlertRule], active: [Int], at now: Milliseconds) {
        self.rules = rules
        self.active = active
        listeningSince = now
    }

    /// - Returns: the transitions of a batch, in order for each rule and device.
    mutating func judge(_ batch: Batch, _ expected: NaiveIntake.Expectation, _ commands: [AlertCommand])
        -> [AlertEvent]
    {
        events = []
        for (device, arrival) in expected.heard { heard[device] = max(heard[device] ?? .min, arrival) }
        for reading in expected.readings { judge(reading) }
        for command in commands { judge(command, batch.at) }
        for rollup in batch.rollups { judge(rollup) }
        for rollup in batch.amendments { judge(rollup) }
        for (rule, device) in instances() { judgeClock(rule, device, batch.at) }
        return events
    }

    private func instances() -> [(AlertRule, Int)] {
        rules.flatMap { rule in active.filter { fits(rule, $0) }.map { (rule, $0) } }
    }

    private func fits(_ rule: AlertRule, _ device: Int) -> Bool {
        guard rule.domain == city.devices[device].domain else { return false }
        guard case .threshold(let name, _, _) = rule.condition else { return true }
        return city.measurements(of: device).contains { $0.name == name }
    }

    /// Device and measurement of a series.
    private func place(_ series: SeriesID) -> (device: Int, measurement: Measurement) {
        for device in city.devices.indices {
            for (index, measurement) in city.measurements(of: device).enumerated()
            where city.series(device, index) == series { return (device, measurement) }
        }
        preconditionFailure("a series of no device")
    }

    // MARK: Evidence

    private mutating func judge(_ reading: Reading) {
        let (device, measurement) = place(reading.series)
        let isBad = reading.quality == .bad
        let isNewest = newest[reading.series].map { reading.time >= $0 } ?? true
        if !(isBad && measurement.kind == .counter) {
            newest[reading.series] = max(newest[reading.series] ?? .min, reading.time)
        }
        guard isNewest, !isBad, active.contains(device) else { return }
        let value = measurement.kind == .ratio ? reading.value / reading.weight : reading.value
        for rule in rules where fits(rule, device) {
            guard case .threshold(measurement.name, .none, let limit) = rule.condition else { continue }
            observe(rule, device, value, limit, at: reading.time)
        }
    }

    private mutating func judge(_ rollup: Rollup) {
        let (device, measurement) = place(rollup.series)
        windows[rollup.series, default: [:]][rollup.tier, default: [:]][rollup.start, default: Accumulator()]
            .merge(rollup.accumulator)
        let rows = windows[rollup.series]![rollup.tier]!
        // A late window is judged if it is the newest there is.
        guard rows.keys.max() == rollup.start, active.contains(device) else { return }
        for rule in rules where fits(rule, device) {
            guard case .threshold(measurement.name, .some(let window), let limit) = rule.condition,
                window.tier == rollup.tier
            else { continue }
            var sum = Accumulator()
            for (start, row) in rows where start > rollup.start - window.length { sum.merge(row) }
            let value: Double =
                switch window.statistic {
                case .mean: sum.sum / sum.weight
                case .min: sum.minimum
                case .max: sum.maximum
                case .sum: sum.sum
                case .count: Double(sum.count)
                case .last: sum.last
                }
            observe(rule, device, value, limit, at: rollup.start + window.tier.length)
        }
    }

    private mutating func observe(
        _ rule: AlertRule, _ device: Int, _ value: Double, _ limit: AlertLimit, at time: Milliseconds
    ) {
        let key = SimulatedStore.InstanceKey(rule: rule.name, scope: city.devices[device].key)
        var state = states[key] ?? State()
        let holds: Bool
        switch limit {
        case .above(let top, let clear): holds = value > (state.holds ? clear : top)
        case .below(let bottom, let clear): holds = value < (state.holds ? clear : bottom)
        case .outside(let limits, let clear):
            let range = state.holds ? clear : limits
            holds = value < range.lowerBound || value > range.upperBound
        case .equals(let wanted): holds = value == wanted
        }
        if holds { state.value = value }
        turn(rule, device, &state, holds, at: time, value, Self.crossed(limit, value))
        states[key] = state
    }

    private static func crossed(_ limit: AlertLimit, _ value: Double) -> Double {
        switch limit {
        case .above(let top, _), .equals(let top): top
        case .below(let bottom, _): bottom
        case .outside(let limits, _): value < limits.lowerBound ? limits.lowerBound : limits.upperBound
        }
    }

    // MARK: Clock

    private mutating func judgeClock(_ rule: AlertRule, _ device: Int, _ now: Milliseconds) {
        let key = SimulatedStore.InstanceKey(rule: rule.name, scope: city.devices[device].key)
        var state = states[key] ?? State()
        switch rule.condition {
        case .threshold(_, .some, _): return
        case .threshold(_, .none, let limit):
            guard state.holds, rule.onDelay > 0 else { return }
            turn(rule, device, &state, true, at: now, state.value!, Self.crossed(limit, state.value!))
        case .quiet(let cadences), .neverReported(let cadences):
            let allowed = Milliseconds(cadences * Double(city.devices[device].cadence))
            let seen = heard[device]
            let since = max(seen ?? .min, listeningSince)
            let isQuiet: Bool
            if case .quiet = rule.condition { isQuiet = true } else { isQuiet = false }
            let isOverdue = (seen != nil) == isQuiet && now > since + allowed
            let isBack = isQuiet ? seen.map { $0 > state.since } ?? false : seen != nil
            let holds = state.holds ? !isBack : isOverdue
            let time = holds ? (state.holds ? now : since + allowed) : seen ?? now
            let minutes = Double(now - since) / 60_000
            if holds { state.value = minutes }
            turn(rule, device, &state, holds, at: time, minutes, Double(allowed) / 60_000)
        }
        states[key] = state
    }

    // MARK: Transitions

    private mutating func judge(_ command: AlertCommand, _ now: Milliseconds) {
        let key = SimulatedStore.InstanceKey(rule: command.identity.rule, scope: command.identity.scope)
        guard
            let (rule, device) = instances().first(where: {
                $0.0.name == key.rule && city.devices[$0.1].key == key.scope
            }), var state = states[key], state.onset == command.identity.onset
        else { return }
        let before = state.settled
        switch (command.action, before) {
        case (.acknowledge, .unacknowledged): state.settled = .acknowledged
        case (.acknowledge, .returned): state.settled = .normal
        case (.unacknowledge, .acknowledged): state.settled = .unacknowledged
        default: return
        }
        states[key] = state
        note(
            rule, device, state, from: before, at: now,
            command.action == .acknowledge ? .acknowledge : .unacknowledge, nil, nil, command)
    }

    private mutating func turn(
        _ rule: AlertRule, _ device: Int, _ state: inout State, _ holds: Bool, at time: Milliseconds,
        _ value: Double, _ limit: Double
    ) {
        if state.holds != holds {
            state.holds = holds
            state.since = time
        }
        let before = state.settled
        let isOpen = before == .unacknowledged || before == .acknowledged
        let delay = holds ? rule.onDelay : rule.offDelay
        guard holds != isOpen, time - state.since >= delay else { return }
        if before == .normal { state.onset = state.since }
        state.settled = holds ? .unacknowledged : before == .acknowledged ? .normal : .returned
        note(
            rule, device, state, from: before, at: state.since + delay, holds ? .condition : .conditionGone,
            value, limit, nil)
    }

    private mutating func note(
        _ rule: AlertRule, _ device: Int, _ state: State, from: AlertState, at: Milliseconds,
        _ cause: AlertCause, _ value: Double?, _ limit: Double?, _ command: AlertCommand?
    ) {
        let shown = state.value.map(AlertText.number) ?? "?"
        let device = city.devices[device]
        events.append(
            AlertEvent(
                identity: AlertIdentity(rule: rule.name, scope: device.key, onset: state.onset),
                domain: device.domain, ward: device.ward, priority: rule.priority, from: from,
                to: state.settled, at: at, cause: cause, value: value, limit: limit,
                summary: Title(
                    vi: "\(device.key) \(shown) \(limit.map(AlertText.number) ?? "?")", en: shown),
                operatorName: command?.operatorName, comment: command?.comment))
    }

    // MARK: Comparison

    /// What is wrong with what was stored; nil if nothing is.
    func difference(_ stored: [AlertEvent], _ wanted: [AlertEvent]) -> String? {
        let order = { (one: AlertEvent, other: AlertEvent) in
            (one.identity.rule, one.identity.scope) < (other.identity.rule, other.identity.scope)
        }
        // A stable sort keeps the order of each alert's own transitions.
        let left = stored.map(comparable).sorted(by: order)
        let right = wanted.map(comparable).sorted(by: order)
        guard left != right else { return nil }
        let extra = left.filter { !right.contains($0) }
        let missing = right.filter { !left.contains($0) }
        return "alert events differ: stored \(extra.map(Self.text)), wanted \(missing.map(Self.text))"
    }

    /// Minutes of silence pass also where nothing is stored, so the text of a later transition may tell more of them.
    private func comparable(_ event: AlertEvent) -> AlertEvent {
        var event = event
        let rule = city.rules.first { $0.name == event.identity.rule }!
        if case .threshold = rule.condition { return event }
        event.summary = Title(vi: "", en: "")
        return event
    }

    static func text(_ event: AlertEvent) -> String {
        "\(event.identity.rule)/\(event.identity.scope) onset \(event.identity.onset) \(event.from)→\(event.to) at "
            + "\(event.at) \(event.cause) value \(event.value.map { "\($0)" } ?? "-") «\(event.summary.vi)»"
    }

    /// Compares where every rule stands with what is kept of it.
    func difference(_ kept: [SimulatedStore.InstanceKey: AlertInstanceState]) -> String? {
        for (key, state) in states {
            let isAtRest = state.settled == .normal && !state.holds
            guard let row = kept[key] else {
                if isAtRest { continue }
                return "nothing is kept of \(key), wanted \(state)"
            }
            let rule = city.rules.first { $0.name == key.rule }!
            var found = State(
                settled: row.machine.settled, holds: row.machine.holds, since: row.machine.holdsSince,
                onset: row.machine.onset, value: row.value)
            // Before an alert is raised its onset says nothing; minutes of silence pass without being stored.
            if state.settled == .normal { found.onset = state.onset }
            if case .threshold = rule.condition {} else { found.value = state.value }
            if isAtRest || found != state { return "\(key) is kept as \(found), wanted \(state)" }
        }
        for (key, row) in kept where states[key] == nil { return "too much is kept: \(key) \(row)" }
        return nil
    }
}
