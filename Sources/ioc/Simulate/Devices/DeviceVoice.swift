import Telemetry

/// One device as it speaks: what it says follows from the seed, itself and the time, and from what it has counted.
struct DeviceVoice {
    let device: Device
    /// Position of its profile's `ProfileSpeech`.
    let speech: Int
    let topics: [String]
    /// Its own source of chance.
    let key: UInt64
    /// How far its clock is ahead.
    let skew: Milliseconds
    private let keyBytes: [UInt8]
    private var clock: DeviceClock
    private var sequence: Int64
    private var messages: Int64 = 0
    private var totals: [Double]
    private var drawn: [MessageDraft.Drawn]

    /// - Parameter start: when the simulation begins; numbers and totals go on from there, over restarts, too.
    init(
        _ device: Device, _ speech: ProfileSpeech, seed: UInt64, start: Milliseconds, faults: SimulationFaults
    ) {
        self.device = device
        self.speech = device.profileIndex
        key = Chance.mix(seed, Chance.key(device.key))
        keyBytes = Array(device.key.utf8)
        topics = speech.profile.topics.map { $0.topic(["device": device.key, "ward": device.ward]) }
        let isSkewed = Chance.unit(Chance.mix(key, 3)) < faults.clockSkew
        skew = isSkewed ? Milliseconds((Chance.unit(Chance.mix(key, 4)) * 2 - 1) * 90_000) : 0
        clock = DeviceClock(speech, cadence: device.cadence)
        let age = max(start - Self.epoch, 0)
        // A hundred a second is more than one device ever sends, so that a later run goes on above an earlier one.
        sequence = age / 10
        totals = zip(speech.profile.measurements, speech.patterns).map { measurement, pattern in
            guard measurement.kind == .counter else { return 0 }
            let simulation = pattern.simulation
            let total = Double(age / max(device.cadence, 1)) * (simulation.base + abs(simulation.swing) / 4)
            return total.truncatingRemainder(dividingBy: (measurement.valid?.upperBound ?? 1e9) * 0.9 + 1)
                .rounded()
        }
        drawn = Array(repeating: MessageDraft.Drawn(value: .nan), count: speech.patterns.count)
    }

    /// 2025-01-01, when all devices were new.
    private static let epoch: Milliseconds = 1_735_689_600_000

    /// The number of the message last said; nil if the payload shows none.
    private(set) var lastSequence: Int64 = 0

    /// Chance for the faults of the next message.
    var roll: SplitMix64 { SplitMix64(seed: Chance.mix(key &+ 5, at: messages)) }

    /// Says the next message.
    /// - Parameters:
    ///   - lag: how far back its readings lie, if it was held back.
    /// - Returns: false if its clock has not moved on since the last one.
    mutating func speak(
        _ speech: ProfileSpeech, now: Milliseconds, lag: Milliseconds? = nil, zone: ZoneOffsets,
        into draft: inout MessageDraft
    ) -> Bool {
        let isLate = lag != nil
        guard let times = clock.times(now: now + skew, lag: lag) else { return false }
        draft.begin(device: keyBytes, sequence: sequence, leaves: speech.plan.leaves.count)
        for record in 0..<times.count {
            let moment = LocalMoment(times.first + Milliseconds(record) * times.spacing, in: zone)
            draw(speech, moment, isLate: isLate)
            draft.addRecord(at: moment.time, drawn, plan: speech.plan)
        }
        lastSequence = sequence
        sequence += 1
        messages += 1
        return true
    }

    private mutating func draw(_ speech: ProfileSpeech, _ moment: LocalMoment, isLate: Bool) {
        for index in speech.patterns.indices {
            let pattern = speech.patterns[index]
            var value = pattern.value(device: key, at: moment)
            if pattern.kind == .counter {
                value = isLate ? .nan : count(value, index, speech)
            }
            drawn[index].value = value
            if pattern.kind == .ratio { drawn[index].denominator = denominator(pattern, index, moment.time) }
        }
    }

    private mutating func count(_ increase: Double, _ index: Int, _ speech: ProfileSpeech) -> Double {
        totals[index] += increase
        // The meter turns over.
        if totals[index] > speech.profile.measurements[index].valid?.upperBound ?? 1e15 { totals[index] = 0 }
        return totals[index]
    }

    /// How many a share is of: a fixed size where the share itself moves, else as many as happened to come.
    private func denominator(_ pattern: ValuePattern, _ index: Int, _ time: Milliseconds) -> Double {
        let own = Chance.mix(key &+ 6, at: Int64(index))
        let size = 60 + Chance.unit(own) * 900
        let simulation = pattern.simulation
        if simulation.swing != 0 || simulation.wanders { return size.rounded() }
        // Rare things need many to be seen at all.
        let scale = simulation.base < 0.05 ? 4.0 : 1.0
        return (size * scale * (0.7 + 0.6 * Chance.unit(Chance.mix(own, at: time)))).rounded()
    }
}
