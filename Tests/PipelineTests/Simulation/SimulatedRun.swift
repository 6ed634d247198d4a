import Pipeline
import Ring
import Synchronization
import Telemetry

/// One life of a city, its broker, its disk and the service, all from one seed and on one thread; every commit is
/// compared with what the naive models want.
final class SimulatedRun {
    static let retention = 30 * Span.day

    /// What can go wrong in this run: a few things at a time, so that each meets the others and the plain case.
    struct Perils {
        var isUniform: Bool
        var brokerCrashes: Bool
        var sessionsEnd: Bool
        var storeFails: Bool
        var isKilled: Bool
        var isReconfigured: Bool
        var floods: Bool
        var clockJumps: Bool
        var isUnreadable: Bool
        var atMostOnce: Int

        init(_ chance: inout Chance) {
            isUniform = chance.happens(15)
            // Equal bytes under a used packet id cannot be told apart: docs/reliability.md, what is not promised.
            brokerCrashes = !isUniform && chance.happens(50)
            sessionsEnd = chance.happens(25)
            storeFails = chance.happens(50)
            // A kill between the broker's word of a new session and the commit loses that word (docs/reliability.md).
            isKilled = !(isUniform && sessionsEnd) && chance.happens(75)
            isReconfigured = chance.happens(25)
            floods = chance.happens(6)
            clockJumps = chance.happens(60)
            isUnreadable = chance.happens(10)
            atMostOnce = floods ? 90 : chance.pick([0, 0, 10, 40])
        }
    }

    enum Link {
        case down
        case serving
        /// The connection ended; what was read is settled first.
        case broken
        /// Storage failed: dropped unsettled, and asked again before the next.
        case failed
    }

    let seed: UInt64
    var chance: Chance
    let perils: Perils
    let city: SimulatedCity
    let store: SimulatedStore
    let grace: Milliseconds
    var now: Milliseconds
    var broker: SimulatedBroker
    var gateways: [SimulatedGateway] = []
    var service: SimulatedService!
    var link = Link.down
    var unsettled = 0
    var publications = 0
    var active: [Int]
    var rules: [AlertRule]
    /// In the middle of `Drain.step`.
    var isStepping = false
    /// The process died; `restart` brings the next.
    var isKilled = false
    /// Nothing goes wrong any more: the end of the run.
    var isHealed = false
    /// Attempts that still fail before this batch is stored.
    var failuresLeft = 0

    var naiveIntake: NaiveIntake
    var naiveAlerts: NaiveAlerts
    var naiveRollups: NaiveRollups
    var watermark = Milliseconds.min
    var everRetired: Set<UInt32> = []
    /// Commands that are in the batch being put together, and those that wait for the next.
    var commandsInBatch: [AlertCommand] = []
    var commandsWaiting: [AlertCommand] = []
    var gapsWaiting = 0
    private var unseenInBatch: Int64 = 0
    let replies = Replies()

    /// First thing found wrong.
    private(set) var fault: String?
    private let isTracing: Bool
    private(set) var trace: [String] = []
    private(set) var messages = 0
    private(set) var restarts = 0

    init(seed: UInt64, isTracing: Bool = false) {
        self.seed = seed
        self.isTracing = isTracing
        var chance = Chance(seed: seed)
        perils = Perils(&chance)
        city = SimulatedCity(&chance)
        now = city.start
        grace = chance.pick([0, 2_000, 2_000, 10_000])
        store = SimulatedStore(zone: city.zone, acknowledgementLimit: 100_000)
        let packets = chance.happens(40) ? UInt16(chance.number(30...90)) : UInt16.max
        broker = SimulatedBroker(packets: packets, avoidsUsed: !perils.isUniform)
        active = Array(city.devices.indices)
        rules = city.rules
        naiveIntake = NaiveIntake(city: city)
        naiveAlerts = NaiveAlerts(city: city)
        naiveRollups = NaiveRollups(city: city)
        for device in city.devices.indices {
            gateways.append(
                SimulatedGateway(
                    device: device, city: city, isUniform: perils.isUniform,
                    // A snapshot older than the broker's queue is recognised by bytes that occur once.
                    isNeverAlike: perils.brokerCrashes && packets < .max, &chance))
        }
        self.chance = chance
        store.outcome = { [unowned self] in writing() }
        store.kept = { [unowned self] in kept($0) }
    }

    /// - Parameter steps: ends after so many, without the end of the run; for looking at a failing seed.
    func run(steps: Int = .max) {
        start()
        let length = chance.number(30...chance.pick([80, 160, 300]))
        for count in 0..<length where fault == nil {
            if count == steps { return }
            act()
            if isKilled { restart() }
        }
        guard fault == nil else { return }
        heal()
    }

    func note(_ text: @autoclosure () -> String) {
        if isTracing { trace.append("\(now - city.start) \(text())") }
    }

    func fail(_ text: @autoclosure () -> String) {
        guard fault == nil else { return }
        fault = "batch \(store.nextBatch), \(now - city.start) ms after the start: \(text())"
        note("WRONG: \(fault!)")
    }

    // MARK: Service

    func start() {
        var limits = DecodeLimits()
        limits.readings = 16
        limits.retention = Self.retention
        let surroundings = Drain<SimulatedStore>.Surroundings(
            now: { [unowned self] in now }, ticks: { 0 }, committed: { _ in },
            failed: { [unowned self] _, _ in writeFailed() })
        naiveIntake.configure(active: active)
        naiveAlerts.begin(rules: rules, active: active, at: now)
        service = try! SimulatedService(
            store: store, registry: city.registry(active: active), rules: rules, grace: grace, limits: limits,
            now: now, surroundings: surroundings)
        watermark = store.position().closedThrough
        note("start, devices \(active), rules \(rules.map(\.name))")
    }

    /// All that was in memory is gone.
    func restart() {
        restarts += 1
        isKilled = false
        link = .down
        unsettled = 0
        failuresLeft = 0
        commandsInBatch = []
        commandsWaiting = []
        gapsWaiting = 0
        broker.disconnect()
        if chance.happens(30), !isHealed { moveClock() }
        if perils.isReconfigured, !isHealed, chance.happens(60) {
            active = city.devices.indices.filter { _ in chance.happens(75) }
            rules = city.rules.filter { _ in chance.happens(85) }
            for device in city.devices.indices where !active.contains(device) {
                for measurement in city.measurements(of: device).indices {
                    everRetired.insert(city.series(device, measurement).rawValue)
                }
            }
        }
        start()
        if let difference = naiveRollups.difference(
            store.rollups, naiveIntake.readings, closedThrough: watermark, everRetired: everRetired)
        {
            fail(difference)
        }
    }

    func step() {
        guard !isStepping, !isKilled else { return }
        isStepping = true
        commandsInBatch = commandsWaiting
        commandsWaiting = []
        unseenInBatch = service.unseen
        service.unseen = 0
        let before = store.nextBatch
        service.drain.step(now: now)
        isStepping = false
        guard !isKilled else { return }
        watermark = max(watermark, (now - grace) - (now - grace).floorDivided(by: Span.minute).remainder)
        if store.nextBatch == before, service.committed < Int(service.channel.messages.consumedPosition) {
            fail("messages were taken from the ring and nothing was stored")
        }
        if !isHealed, perils.isKilled, chance.happens(2) {
            note("killed after a step")
            isKilled = true
        }
    }

    // MARK: Storage

    /// A write begins: meanwhile the intake goes on. Then fate.
    private func writing() -> SimulatedStore.Outcome {
        if isHealed { return .stored }
        if link == .serving, chance.happens(20) { burst(isChecked: true) }
        if failuresLeft > 0 {
            failuresLeft -= 1
            return .refused
        }
        if perils.storeFails, chance.happens(8) {
            failuresLeft = chance.number(0...3)
            note("write refused")
            return .refused
        }
        if perils.isKilled, chance.happens(6) {
            isKilled = true
            let outcome: SimulatedStore.Outcome = chance.happens(50) ? .killedBefore : .killedAfter
            note("\(outcome)")
            return outcome
        }
        return .stored
    }

    /// The drain sits in its retry; the intake thread sees it.
    private func writeFailed() {
        // Nothing sleeps here.
        service.channel.work.ring()
        commandsWaiting = []
        if isKilled {
            service.channel.stop()
            return
        }
        if link == .serving, chance.happens(50) { burst(isChecked: false) }
        if unsettled > 0, chance.happens(80) { settleOnce() }
    }

    private func kept(_ batch: Batch) {
        let taken = service.takeBatch()
        let expected = naiveIntake.judge(taken, closedThrough: watermark)
        note("kept \(taken.count) messages, closed \(batch.rollups.count), late \(batch.amendments.count)")
        check(batch, taken, expected)
        let events = naiveAlerts.judge(batch, expected, commandsInBatch)
        for event in batch.alertEvents { note("  \(NaiveAlerts.text(event))") }
        if let difference = naiveAlerts.difference(batch.alertEvents, events) { fail(difference) }
        if let difference = naiveAlerts.difference(store.instances) { fail(difference) }
        gapsWaiting = 0
    }

    private func check(
        _ batch: Batch, _ taken: [NaiveIntake.Taken], _ expected: NaiveIntake.Expectation
    ) {
        messages += taken.count
        if batch.readings != expected.readings {
            let found = batch.readings.filter { !expected.readings.contains($0) }
            let missing = expected.readings.filter { !batch.readings.contains($0) }
            fail(
                "\(batch.readings.count) readings, wanted \(expected.readings.count): stored \(found), wanted \(missing)\n\(fates(taken, expected))"
            )
        }
        var wanted = expected.losses
        if unseenInBatch > 0 {
            wanted["mqtt-qos0", default: LossCounters()].received += unseenInBatch
            wanted["mqtt-qos0", default: LossCounters()].dropped += unseenInBatch
        }
        var found: [String: LossCounters] = [:]
        for (key, losses) in batch.losses { found[key.source, default: LossCounters()] += losses }
        if found != wanted { fail("counted \(found), wanted \(wanted)\n\(fates(taken, expected))") }
        let reasons = expected.fates.compactMap { fate in
            if case .rejected(let reason) = fate { reason } else { nil }
        }
        if batch.rejects.map(\.reason) != reasons {
            fail("refused \(batch.rejects.map(\.reason)), wanted \(reasons)")
        }
        if batch.gaps.count != gapsWaiting { fail("\(batch.gaps.count) gaps, wanted \(gapsWaiting)") }
    }

    private func fates(_ taken: [NaiveIntake.Taken], _ expected: NaiveIntake.Expectation) -> String {
        zip(taken, expected.fates).map { taken, fate in
            "  \(taken.item.publication) packet \(taken.item.packet) \(taken.item.message.topic) "
                + "\(taken.item.message.payload): \(fate)"
        }.joined(separator: "\n")
    }
}

/// What operators were told.
final class Replies: Sendable {
    private let events = Mutex<[AlertEvent]>([])
    var taken: [AlertEvent] { events.withLock { $0 } }

    func add(_ answer: Result<AlertEvent, CommandInbox.Refusal>) {
        if case .success(let event) = answer { events.withLock { $0.append(event) } }
    }
}
