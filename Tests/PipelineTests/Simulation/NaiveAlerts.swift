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
        /// Whether each threshold holds, and which `value` is of.
        var terms: [Bool?] = []
        var headline = 0
        /// Since when its device has been silent while it stands.
        var unverified: Milliseconds?
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
        let known = city.measurements(of: device).map(\.name)
        return rule.measurements.allSatisfy(known.contains)
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
            for (term, threshold) in rule.condition.thresholds.enumerated()
            where threshold.signal.measurement == measurement.name && threshold.signal.window == nil {
                observe(rule, device, term, value)
            }
        }
    }

    private mutating func judge(_ rollup: Rollup) {
        let (device, measurement) = place(rollup.series)
        windows[rollup.series, default: [:]][rollup.tier, default: [:]][rollup.start, default: Accumulator()]
            .merge(rollup.accumulator)
        guard active.contains(device) else { return }
        for rule in rules where fits(rule, device) {
            for (term, threshold) in rule.condition.thresholds.enumerated() {
                let signal = threshold.signal
                guard let window = signal.window, window.tier == rollup.tier else { continue }
                for name in signal.measurements where name == measurement.name {
                    // A late window is judged if it is the newest there is, or a part of it.
                    guard let (start, top) = figure(signal.measurement, window, device),
                        start == rollup.start
                            || signal.divisor == nil && rollup.start > start - window.length
                    else { continue }
                    guard let divisor = signal.divisor else {
                        observe(rule, device, term, top)
                        continue
                    }
                    guard let (other, bottom) = figure(divisor, window, device), other == start, bottom != 0
                    else { continue }
                    observe(rule, device, term, top / bottom)
                }
            }
        }
    }

    private func series(_ measurement: String, _ device: Int) -> SeriesID {
        let index = city.measurements(of: device).firstIndex { $0.name == measurement }!
        return city.series(device, index)
    }

    /// The figure of the newest sliding window, and where its last part begins.
    private func figure(_ measurement: String, _ window: AlertWindow, _ device: Int) -> (
        start: Milliseconds, value: Double
    )? {
        guard let rows = windows[series(measurement, device)]?[window.tier], let newest = rows.keys.max(),
            case .statistic(let statistic) = window.figure
        else { return nil }
        var sum = Accumulator()
        for (start, row) in rows where start > newest - window.length { sum.merge(row) }
        let growth = sum.last - sum.first
        let value: Double? =
            switch statistic {
            case .mean: sum.sum / sum.weight
            case .min: sum.minimum
            case .max: sum.maximum
            case .sum: sum.sum
            case .count: Double(sum.count)
            case .last: sum.last
            case .range: sum.maximum - sum.minimum
            case .change: sum.lastTime > sum.firstTime ? growth : nil
            case .rate:
                sum.lastTime > sum.firstTime
                    ? growth * 3_600_000 / Double(sum.lastTime - sum.firstTime) : nil
            case .p50, .p85, .p95: nil
            }
        return value.map { (newest, $0) }
    }

    /// When there was evidence last for any threshold of the rule.
    private func evidence(_ rule: AlertRule, _ device: Int) -> Milliseconds {
        rule.condition.thresholds.flatMap { threshold -> [Milliseconds] in
            let signal = threshold.signal
            guard let window = signal.window else {
                return [newest[series(signal.measurement, device)] ?? .min]
            }
            return signal.measurements.map { name in
                windows[series(name, device)]?[window.tier]?.keys.max().map { $0 + window.tier.length }
                    ?? .min
            }
        }.max() ?? .min
    }

    private mutating func observe(_ rule: AlertRule, _ device: Int, _ term: Int, _ value: Double) {
        let key = SimulatedStore.InstanceKey(rule: rule.name, scope: city.devices[device].key)
        let thresholds = rule.condition.thresholds
        var state = states[key] ?? State()
        if state.terms.isEmpty { state.terms = thresholds.map { _ in nil } }
        let before = state.terms[term] ?? false
        let limit = thresholds[term].limit
        switch limit {
        case .above(let top, let clear): state.terms[term] = value > (before ? clear : top)
        case .below(let bottom, let clear): state.terms[term] = value < (before ? clear : bottom)
        case .outside(let limits, let clear):
            let range = before ? clear : limits
            state.terms[term] = value < range.lowerBound || value > range.upperBound
        case .equals(let wanted): state.terms[term] = value == wanted
        case .atMost(let top): state.terms[term] = !(value > top)
        }
        var rest = state.terms[...]
        if let holds = Self.holds(rule.condition, &rest) {
            if holds, state.value != value {
                state.value = value
                state.headline = term
            }
            turn(
                rule, device, &state, holds, at: evidence(rule, device), value, Self.crossed(limit, value))
        }
        states[key] = state
    }

    /// By the table of three values, the thresholds in their order.
    private static func holds(_ condition: AlertCondition, _ terms: inout ArraySlice<Bool?>) -> Bool? {
        switch condition {
        case .threshold: return terms.removeFirst()
        case .all(let parts):
            let found = parts.map { holds($0, &terms) }
            return found.contains(false) ? false : found.contains(nil) ? nil : true
        case .any(let parts):
            let found = parts.map { holds($0, &terms) }
            return found.contains(true) ? true : found.contains(nil) ? nil : false
        case .quiet, .neverReported, .group: preconditionFailure("no threshold")
        }
    }

    private static func crossed(_ limit: AlertLimit, _ value: Double) -> Double {
        switch limit {
        case .above(let top, _), .equals(let top), .atMost(let top): top
        case .below(let bottom, _): bottom
        case .outside(let limits, _): value < limits.lowerBound ? limits.lowerBound : limits.upperBound
        }
    }

    // MARK: Clock

    private mutating func judgeClock(_ rule: AlertRule, _ device: Int, _ now: Milliseconds) {
        let key = SimulatedStore.InstanceKey(rule: rule.name, scope: city.devices[device].key)
        var state = states[key] ?? State()
        switch rule.condition {
        case .threshold, .all, .any:
            let thresholds = rule.condition.thresholds
            if state.holds, rule.conduct.onDelay > 0, thresholds.allSatisfy({ $0.signal.window == nil }) {
                let limit = thresholds[state.headline].limit
                turn(rule, device, &state, true, at: now, state.value!, Self.crossed(limit, state.value!))
            }
            verify(rule, device, &state, now)
            // Heard, and silent since: both are told at once.
            if state.unverified == nil { verify(rule, device, &state, now) }
        case .group: return
        case .quiet(let cadences), .neverReported(let cadences):
            let allowed = Milliseconds(cadences * Double(city.devices[device].cadence))
            let seen = heard[device]
            let since = max(seen ?? .min, listeningSince)
            let isQuiet: Bool
            if case .quiet = rule.condition { isQuiet = true } else { isQuiet = false }
            let isOverdue = (seen != nil) == isQuiet && now > since + allowed
            // Heard and quiet since, or quiet for longer than the on-delay: all of it is told at once.
            var held: Bool?
            while held != state.holds {
                held = state.holds
                let isBack = isQuiet ? seen.map { $0 > state.since } ?? false : seen != nil
                let holds = state.holds ? !isBack : isOverdue
                let time = holds ? (state.holds ? now : since + allowed) : seen ?? now
                let minutes = Double(now - since) / 60_000
                if holds { state.value = minutes }
                turn(rule, device, &state, holds, at: time, minutes, Double(allowed) / 60_000)
            }
        }
        states[key] = state
    }

    /// Whether the device of an alert that stands still speaks.
    private mutating func verify(_ rule: AlertRule, _ device: Int, _ state: inout State, _ now: Milliseconds)
    {
        guard [.unacknowledged, .acknowledged].contains(state.settled) else { return }
        let since = max(heard[device] ?? .min, listeningSince)
        var isSilent = now > since + 3 * city.devices[device].cadence
        // Only a message tells that it is there again, not a new start.
        if let unverified = state.unverified { isSilent = (heard[device] ?? .min) <= unverified }
        guard isSilent != (state.unverified != nil) else { return }
        state.unverified = isSilent ? heard[device] ?? listeningSince : nil
        let limit = state.value.map { Self.crossed(rule.condition.thresholds[state.headline].limit, $0) }
        note(
            rule, device, state, from: state.settled, at: now, isSilent ? .unverified : .verified,
            state.value,
            limit, nil)
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
        let delay = holds ? rule.conduct.onDelay : rule.conduct.offDelay
        guard holds != isOpen, time - state.since >= delay else { return }
        if before == .normal { state.onset = state.since }
        if !holds { state.unverified = nil }
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
        var event = AlertEvent(
            identity: AlertIdentity(rule: rule.name, scope: device.key, onset: state.onset),
            domain: device.domain, ward: device.ward, priority: rule.priority, from: from,
            to: state.settled, at: at, cause: cause, value: value, limit: limit,
            summary: Title(
                vi: "\(device.key) \(shown) \(limit.map(AlertText.number) ?? "?")", en: shown),
            operatorName: command?.operatorName, comment: command?.comment)
        event.lead = rule.lead
        event.ruleVersion = rule.version
        event.unverifiedSince = state.unverified
        events.append(event)
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
        if !rule.condition.thresholds.isEmpty { return event }
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
            let isAtRest =
                state.settled == .normal && !state.holds
                && (state.terms.count < 2 || state.terms.allSatisfy { $0 == nil })
            guard let row = kept[key] else {
                if isAtRest { continue }
                return "nothing is kept of \(key), wanted \(state)"
            }
            let rule = city.rules.first { $0.name == key.rule }!
            var found = State(
                settled: row.machine.settled, holds: row.machine.holds, since: row.machine.holdsSince,
                onset: row.machine.onset, value: row.value, terms: row.terms, headline: row.headline,
                unverified: row.machine.unverifiedSince)
            // Before an alert is raised its onset says nothing; minutes of silence pass without being stored.
            if state.settled == .normal { found.onset = state.onset }
            if rule.condition.thresholds.isEmpty { found.value = state.value }
            if isAtRest || found != state { return "\(key) is kept as \(found), wanted \(state)" }
        }
        for (key, row) in kept where states[key] == nil { return "too much is kept: \(key) \(row)" }
        return nil
    }
}
