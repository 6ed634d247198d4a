import Telemetry

/// What must become of every message, by the rules of docs/reliability.md and nothing cleverer: lists that are searched.
struct NaiveIntake {
    /// A message that reached the ring.
    struct Taken {
        var item: SimulatedBroker.Item
        var arrival: Milliseconds
        /// QoS 0, and the ring had no room.
        var isDropped = false
        var isAtLeastOnce: Bool { item.packet > 0 }
    }

    enum Fate: Equatable {
        case stored
        case rejected(RejectionReason)
        case duplicate
        case dropped
    }

    /// What a batch must hold.
    struct Expectation {
        var fates: [Fate] = []
        var readings: [Reading] = []
        /// Devices heard, in order: a message that is no repeat was accepted.
        var heard: [(device: Int, arrival: Milliseconds)] = []
        /// Position in `readings` after each message.
        var ends: [Int] = []
        /// By source.
        var losses: [String: LossCounters] = [:]
    }

    private struct Numbers {
        var seen: Set<Int64> = []
        var highest: Int64 = -1
        var newestTime = Milliseconds.min
    }

    private let city: SimulatedCity
    private var isActive: [Bool]
    private var numbers: [Numbers]
    /// Payloads of a device that were no repeats, oldest first.
    private var payloads: [[String]]
    /// Times of a series, oldest first.
    private var times: [[Milliseconds]]
    /// Newest good reading of each counter.
    private var counters: [Int: (time: Milliseconds, value: Double)] = [:]
    /// Time of the newest reading of a series, and whether it is bad; of a counter a good one goes before a bad one.
    private var newest: [Int: (time: Milliseconds, isBad: Bool)] = [:]
    /// Publications that are in a committed batch.
    private(set) var accounted: Set<Int> = []
    private(set) var readings: [Reading] = []

    init(city: SimulatedCity) {
        self.city = city
        isActive = Array(repeating: true, count: city.devices.count)
        numbers = Array(repeating: Numbers(), count: city.devices.count)
        payloads = Array(repeating: [], count: city.devices.count)
        times = Array(repeating: [], count: city.seriesCount)
    }

    mutating func configure(active: [Int]) {
        for device in isActive.indices { isActive[device] = active.contains(device) }
    }

    /// - Parameter closedThrough: the watermark when the batch was put together.
    mutating func judge(_ batch: [Taken], closedThrough: Milliseconds) -> Expectation {
        var expected = Expectation()
        for taken in batch {
            var losses = LossCounters()
            losses.received = 1
            let fate = fate(taken, &expected, &losses, closedThrough)
            switch fate {
            case .stored: losses.stored = 1
            case .rejected: losses.rejected = 1
            case .duplicate: losses.duplicate = 1
            case .dropped: losses.dropped = 1
            }
            expected.fates.append(fate)
            expected.ends.append(expected.readings.count)
            expected.losses[taken.isAtLeastOnce ? "mqtt-qos1" : "mqtt-qos0", default: LossCounters()] +=
                losses
        }
        readings.append(contentsOf: expected.readings)
        return expected
    }

    private mutating func fate(
        _ taken: Taken, _ expected: inout Expectation, _ losses: inout LossCounters,
        _ closedThrough: Milliseconds
    ) -> Fate {
        let message = taken.item.message
        // What the broker sends again was accounted before.
        if taken.isAtLeastOnce, !accounted.insert(taken.item.publication).inserted { return .duplicate }
        if let reason = refusal(message, taken.arrival) { return .rejected(reason) }
        if taken.isDropped { return .dropped }
        guard !isOldAcquaintance(message), isNew(message) else { return .duplicate }
        expected.heard.append((message.device, taken.arrival))
        let before = losses.readings
        for value in message.values { store(value, taken, &expected, &losses, closedThrough) }
        return losses.readings == before ? .duplicate : .stored
    }

    private func refusal(_ message: SentMessage, _ arrival: Milliseconds) -> RejectionReason? {
        if message.fault == .unknownTopic { return .unknownTopic }
        guard message.device >= 0, isActive[message.device] else { return .unknownDevice }
        if message.fault == .notJSON { return .notJSON }
        for time in message.times {
            if time > arrival + 2 * Span.minute { return .timeInFuture }
            if time < arrival - SimulatedRun.retention { return .tooOld }
        }
        return message.fault
    }

    /// A retained message without a number that tells nothing newer than what is known.
    private func isOldAcquaintance(_ message: SentMessage) -> Bool {
        message.isRetained && message.sequence < 0
            && message.values.allSatisfy { value in
                newest[city.series(message.device, value.measurement).index].map { value.time! <= $0.time }
                    ?? false
            }
    }

    private mutating func renew(_ series: SeriesID, _ time: Milliseconds, isBad: Bool, isCounter: Bool) {
        if let known = newest[series.index] {
            if isCounter, isBad != known.isBad {
                if isBad { return }
            } else if time <= known.time {
                return
            }
        }
        newest[series.index] = (time, isBad)
    }

    /// Number over the last 1024 where there are number and time; the bytes of the last 64 where there is one of them.
    private mutating func isNew(_ message: SentMessage) -> Bool {
        let device = message.device
        if message.sequence >= 0, message.hasTime {
            return isNewNumber(message.sequence, message.times.max()!, device)
        }
        guard message.sequence >= 0 || message.hasTime else { return true }
        if payloads[device].suffix(64).contains(message.payload) { return false }
        payloads[device].append(message.payload)
        return true
    }

    private mutating func isNewNumber(_ number: Int64, _ time: Milliseconds, _ device: Int) -> Bool {
        defer { numbers[device].newestTime = max(numbers[device].newestTime, time) }
        let highest = numbers[device].highest
        if number <= highest {
            let isRepeat = number <= highest - 1_024 || numbers[device].seen.contains(number)
            // Newer than all: no repeat, whatever its number says. The device began again.
            if isRepeat, time <= numbers[device].newestTime { return false }
            if isRepeat { numbers[device].seen = [] }
            numbers[device].highest = isRepeat ? number : highest
        } else {
            numbers[device].highest = number
        }
        numbers[device].seen.insert(number)
        return true
    }

    private mutating func store(
        _ value: SentMessage.Value, _ taken: Taken, _ expected: inout Expectation,
        _ losses: inout LossCounters, _ closedThrough: Milliseconds
    ) {
        let message = taken.item.message
        let id = city.series(message.device, value.measurement)
        let time = value.time ?? taken.arrival
        if message.hasTime, message.sequence < 0, times[id.index].suffix(16).contains(time) {
            losses.duplicateReadings += 1
            return
        }
        times[id.index].append(time)
        var reading = Reading(
            series: id, time: time, value: value.value, weight: value.weight,
            quality: value.isBad ? .bad : .good)
        let isCounter = city.measurements(of: message.device)[value.measurement].kind == .counter
        if isCounter { reading.weight = increase(reading) }
        renew(id, time, isBad: value.isBad, isCounter: isCounter)
        expected.readings.append(reading)
        losses.readings += 1
        if value.isBad {
            losses.bad += 1
        } else if time - time.floorDivided(by: Span.minute).remainder + Span.minute <= closedThrough {
            losses.late += 1
        }
    }

    /// A late one adds nothing; a bad one neither counts nor is what the next is compared with.
    private mutating func increase(_ reading: Reading) -> Double {
        guard reading.quality != .bad else { return 0 }
        guard let newest = counters[reading.series.index] else {
            counters[reading.series.index] = (reading.time, reading.value)
            return 0
        }
        guard reading.time > newest.time else { return 0 }
        counters[reading.series.index] = (reading.time, reading.value)
        return reading.value >= newest.value ? reading.value - newest.value : reading.value
    }
}
