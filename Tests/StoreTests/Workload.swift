import Telemetry
import TestSupport

/// What a store is given to do, drawn from a seed.
struct Workload {
    enum Step {
        case batch(Batch)
        case register([DeviceProfile], [Device])
        case purge(raw: Milliseconds, rollups: Milliseconds)
        case compact
        case gather(closedThrough: Milliseconds)
        case checkpoint(Checkpointing)
        /// A reader that stays: the log cannot be reset behind it.
        case holdReader
        case releaseReader
    }
    enum Checkpointing: CaseIterable {
        case passive, full, restart, truncate
    }

    static let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
    /// 2026-01-05 00:00 in Huế.
    static let midnight: Milliseconds = 1_767_546_000_000
    static let acknowledgementLimit = 150
    static let quarantineRows = 6

    private var random: SeededGenerator
    private var now = midnight
    /// Before the first step there is none.
    private var deviceCount = 0
    /// At most so many are in the outbox.
    private var messageCount: Int64 = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func step() -> Step {
        now += 1_000
        if deviceCount == 0 { return register() }
        return switch random.below(20) {
        case 0: .checkpoint(random.pick(Checkpointing.allCases))
        case 1: .checkpoint(.passive)
        case 2: .purge(raw: now - 3 * Span.minute, rollups: now - 5 * Span.minute)
        case 3: register()
        case 4: random.happens(1, in: 2) ? .holdReader : .releaseReader
        case 5, 6: .compact
        case 7: .gather(closedThrough: now + random.pick([0, Span.hour, 60 * Span.day]))
        default: .batch(batch())
        }
    }

    private mutating func register() -> Step {
        deviceCount = max(deviceCount + 1, 4)
        let measurements = ["level", "flow"].map {
            Measurement(name: $0, title: Title(vi: $0, en: $0), unit: "m", kind: .gauge)
        }
        let profile = DeviceProfile(
            domain: "test", name: "gauge", title: Title(vi: "", en: ""), topics: [], cadence: Span.minute,
            measurements: measurements, wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
        let devices = (0..<deviceCount).map {
            Device(
                key: "d\($0)", profileIndex: 0, domain: "test", name: Title(vi: "Trạm", en: "Station"),
                ward: "_", latitude: 16.4, longitude: 107.5, cadence: Span.minute)
        }
        return .register([profile], devices)
    }

    mutating func batch() -> Batch {
        now += Int64(1_000 + random.below(20_000))
        var batch = Batch()
        batch.at = now
        batch.closedThrough = now - now % Span.minute
        // Now and then one that fills many pages.
        let count = random.happens(1, in: 8) ? 300 + random.below(600) : random.below(60)
        batch.readings = (0..<count).map { _ in reading() }
        batch.messages = (0..<random.below(8)).map { number in
            AcceptedMessage(
                device: DeviceID(UInt32(number)), sequence: Int64(random.below(1_000)), fingerprint: 0,
                arrival: now, newestTime: now - Int64(random.below(5_000)))
        }
        batch.acknowledgements = (0..<random.below(40)).map { _ in
            Acknowledgement(
                packet: UInt16(truncatingIfNeeded: random.next()), high: random.next(), low: random.next())
        }
        batch.rollups = Rollups((0..<random.below(6)).map { _ in rollup() })
        batch.amendments = Rollups((0..<random.below(3)).map { _ in rollup() })
        if random.happens(1, in: 3) {
            batch.alertEvents = alertEvents()
            batch.notifications = notifications(of: batch.alertEvents)
        }
        if random.happens(1, in: 3) { batch.notificationChanges = notificationChanges() }
        if random.happens(1, in: 3) { batch.alertInstances = [instance()] }
        batch.losses = losses(of: batch)
        batch.rejects = (0..<random.below(3)).map { rejected($0) }
        if random.happens(1, in: 6) {
            batch.gaps = [
                Gap(
                    kind: random.pick([.sessionLost, .brokerDropped]), from: now - 5, to: now,
                    count: UInt64(random.below(9)))
            ]
        }
        if random.happens(1, in: 3) { batch.checkpoint = checkpoint() }
        if random.happens(1, in: 5) { batch.caughtUp = now }
        if random.happens(1, in: 5) { batch.brokerDrops = Int64(random.below(100)) }
        if random.happens(1, in: 5) { batch.publishedEvent = Int64(random.below(100)) }
        return batch
    }

    private mutating func value() -> Double { Double(random.next() >> 20) / 1_024 }

    private mutating func reading() -> Reading {
        Reading(
            series: SeriesID(UInt32(1 + random.below(8))), time: now - Int64(random.below(90_000)),
            value: value(),
            weight: random.happens(1, in: 5) ? value() : 1, quality: random.pick(Quality.allCases))
    }

    private mutating func rollup() -> Rollup {
        let tier = random.pick(Tier.allCases)
        let series = SeriesID(UInt32(1 + random.below(8)))
        let start = tier.start(of: now - Int64(random.below(3)) * tier.length, in: Self.zone)
        var sum = Accumulator()
        var sketch = QuantileSketch()
        var history = StateHistory()
        for offset in 0..<(1 + random.below(5)) as Range<Int> {
            let reading = Reading(
                series: series, time: start + Int64(offset), value: Double(random.below(100)))
            sum.add(reading, kind: .gauge)
            sketch.add(reading.value)
            history.add(reading.time, reading.value)
        }
        let details: [RollupDetail] = [.none, .quantiles(sketch), .states(history)]
        return Rollup(
            series: series, tier: tier, start: start, accumulator: sum, detail: details[series.index % 3])
    }

    private mutating func alertEvents() -> [AlertEvent] {
        let identity = AlertIdentity(
            rule: "R\(random.below(3))", scope: "d\(random.below(3))",
            onset: Self.midnight + Int64(random.below(3)))
        let raised = AlertEvent(
            identity: identity, domain: "test", ward: "_", priority: .high, from: .normal,
            to: .unacknowledged,
            at: now, cause: .condition, value: value(), limit: 5, summary: Title(vi: "cao \(now)", en: "high")
        )
        var taken = raised
        taken.from = .unacknowledged
        taken.to = .acknowledged
        taken.cause = .acknowledge
        taken.value = nil
        taken.limit = nil
        taken.operatorName = "ca trực"
        taken.comment = random.happens(1, in: 2) ? "\(now)" : nil
        var given = taken
        given.from = .acknowledged
        given.to = .unacknowledged
        given.cause = .unacknowledge
        return random.pick([[raised], [raised, taken], [taken], [given]])
    }

    private mutating func notifications(of events: [AlertEvent]) -> [NotificationDraft] {
        let drafts = events.indices.flatMap { index in
            ["duty", "siren"].prefix(random.below(3)).map { receiver in
                NotificationDraft(
                    event: index, receiver: receiver, occasion: random.pick(NotificationOccasion.allCases),
                    priority: events[index].priority, due: now + Int64(random.below(60_000)))
            }
        }
        messageCount += Int64(drafts.count)
        return drafts
    }

    /// Of any that may be there, in any order: what does not fit is to change nothing.
    private mutating func notificationChanges() -> [NotificationChange] {
        guard messageCount > 0 else { return [] }
        return (0..<(1 + random.below(3))).map { _ in
            let ids = (0...random.below(3)).map { _ in 1 + Int64(random.below(Int(messageCount))) }
            switch random.below(7) {
            case 0: return .sent(ids[0], at: now)
            case 1: return .delivered(ids[0], at: now)
            case 2: return .retry(ids[0], due: now + 10_000, error: "HTTP 503")
            case 3: return .failed(ids[0], at: now, error: "HTTP 500")
            case 4: return .postponed(ids, until: now + 60_000)
            case 5: return .held(ids, until: now + 60_000)
            default:
                messageCount += 1
                let why = random.pick(DigestReason.allCases)
                return .folded(Array(Set(ids)).sorted(), receiver: "duty", priority: .high, why: why)
            }
        }
    }

    private mutating func instance() -> AlertInstanceState {
        let holds = random.happens(2, in: 3)
        return AlertInstanceState(
            rule: "R\(random.below(3))", scope: "d\(random.below(3))",
            machine: AlertStateMachine(
                settled: holds ? .unacknowledged : .normal, holds: holds, holdsSince: now, onset: now),
            value: holds ? value() : nil,
            terms: (0..<random.below(4)).map { _ in random.pick([true, false, nil]) },
            headline: random.below(3))
    }

    private mutating func losses(of batch: Batch) -> [LossKey: LossCounters] {
        var counters = LossCounters()
        counters.received = Int64(batch.acknowledgements.count)
        counters.stored = counters.received
        counters.readings = Int64(batch.readings.count)
        return [LossKey(source: random.pick(["mqtt-qos0", "mqtt-qos1"]), domain: "test"): counters]
    }

    /// Of the rows of the quarantine no two are equally old: which one goes is certain.
    private mutating func rejected(_ number: Int) -> RejectedMessage {
        RejectedMessage(
            topic: "t/\(random.below(12))", reason: random.pick([.notJSON, .tooLarge]),
            offset: random.below(50), payload: (0..<random.below(400)).map { _ in UInt8(random.below(256)) },
            at: now + Int64(number))
    }

    private mutating func checkpoint() -> Checkpoint {
        var checkpoint = Checkpoint()
        for number in 0..<random.below(4) as Range<Int> {
            let id = DeviceID(UInt32(number))
            var device = DeviceState()
            for sequence in 0..<random.below(20) as Range<Int> {
                _ = device.admit(
                    AcceptedMessage(
                        device: id, sequence: Int64(sequence), fingerprint: 0, arrival: now, newestTime: now))
            }
            checkpoint.devices.append((id, device))
            let reading = reading()
            var state = SeriesState(newest: reading)
            if number % 2 == 0 { _ = state.recent.admit(reading.time) }
            checkpoint.series.append(reading.series, state)
        }
        return checkpoint
    }
}
