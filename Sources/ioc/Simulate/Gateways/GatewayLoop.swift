import Telemetry

/// One gateway: its devices in turn, what goes wrong on the way, and the pace. Lives on its thread.
struct GatewayLoop {
    private let link: GatewayLink
    private let faults: SimulationFaults
    private var maker: MessageMaker
    private let voices: Int
    /// Messages that wait for the next one of their device to overtake them.
    private var overtaken: [Int: KeptMessage] = [:]
    private var turn = 0

    init(_ maker: MessageMaker, link: GatewayLink, faults: SimulationFaults) {
        self.maker = maker
        self.link = link
        self.faults = faults
        voices = maker.voices.count
    }

    /// No sleep is longer, so that a stop is soon seen.
    private static let longestSleep: Int64 = 100_000
    /// Messages that fall due within this time leave together: a thread that wakes for each one costs more than they do.
    private static let tick: Int64 = 2_000

    /// Runs until the link is told to stop.
    /// - Parameters:
    ///   - start: when the simulation began.
    ///   - backlog: how long before that the devices begin to speak.
    ///   - rate: of this gateway; nil keeps every device's own cadence.
    mutating func run(start: Milliseconds, backlog: Milliseconds, rate: Double?) {
        var schedule = CadenceSchedule(maker.voices, start: start - backlog)
        while !link.isStopping, let next = schedule.next, next.due < start {
            if maker.tellsTime(next.voice) { speak(next.voice, now: next.due, isBacklog: true) }
            schedule.advance()
        }
        if let rate, rate > 0, voices > 0 { keepRate(rate) } else { keepCadence(schedule) }
        for message in overtaken.values { send(message.message, message.payload) }
    }

    private mutating func keepCadence(_ schedule: CadenceSchedule) {
        var schedule = schedule
        while !link.isStopping {
            let now = SystemClock.now()
            guard let next = schedule.next, next.due <= now else {
                let wait = schedule.next.map { ($0.due - now) * 1_000 } ?? Self.longestSleep
                Pause.sleep(microseconds: min(wait, Self.longestSleep))
                continue
            }
            speak(next.voice, now: now, isBacklog: false)
            schedule.advance()
        }
    }

    private mutating func keepRate(_ rate: Double) {
        var pace = RatePace(rate: rate, start: SystemClock.ticks(), key: maker.voices[0].key)
        while !link.isStopping {
            let now = SystemClock.ticks()
            let isDone = pace.due <= now && speakNext()
            if isDone {
                pace.advance(now: now)
            } else {
                let wait = max(pace.due - now, Self.tick)
                Pause.sleep(microseconds: min(wait, Self.longestSleep))
            }
        }
    }

    /// The next device that has something to say; false if none has, as their clocks stand still for the moment.
    private mutating func speakNext() -> Bool {
        let now = SystemClock.now()
        for _ in 0..<voices {
            let voice = turn
            turn = turn + 1 == voices ? 0 : turn + 1
            if speak(voice, now: now, isBacklog: false) { return true }
        }
        return false
    }

    @discardableResult
    private mutating func speak(_ voice: Int, now: Milliseconds, isBacklog: Bool) -> Bool {
        guard var message = maker.make(voice, now: now, isBacklog: isBacklog) else { return false }
        guard !isBacklog, maker.canBeDuplicated(voice) else {
            send(message, maker.payload)
            return true
        }
        var roll = SplitMix64(
            seed: Chance.mix(maker.voices[voice].key &+ 9, at: maker.voices[voice].lastSequence))
        if Chance.unit(roll.next()) < faults.outOfOrder, overtaken[voice] == nil {
            overtaken[voice] = KeptMessage(message: message, payload: maker.payload)
            return true
        }
        message.isRetained = Chance.unit(roll.next()) < faults.retained
        send(message, maker.payload)
        if Chance.unit(roll.next()) < faults.duplicates { sendAgain(message) }
        if let kept = overtaken.removeValue(forKey: voice) { send(kept.message, kept.payload) }
        return true
    }

    private func sendAgain(_ message: MadeMessage) {
        var again = message
        if again.kind != .malformed { again.kind = .duplicate }
        send(again, maker.payload)
    }

    private func send(_ message: MadeMessage, _ payload: [UInt8]) { _ = link.send(message, payload) }
}
