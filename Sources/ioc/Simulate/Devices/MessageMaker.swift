import Telemetry
import Unpacking

/// Makes the messages of all devices of a gateway, one after the other in the same memory.
struct MessageMaker {
    private let speeches: [ProfileSpeech]
    private(set) var voices: [DeviceVoice]
    private let zone: ZoneOffsets
    private let faults: SimulationFaults
    private let writesLedger: Bool
    private var draft = MessageDraft()
    private(set) var payload: [UInt8] = []
    private lazy var scratch = DecodeScratch(limits: DecodeLimits())

    init(
        speeches: [ProfileSpeech], voices: [DeviceVoice], zone: ZoneOffsets, faults: SimulationFaults,
        writesLedger: Bool
    ) {
        self.speeches = speeches
        self.voices = voices
        self.zone = zone
        self.faults = faults
        self.writesLedger = writesLedger
    }

    /// The next message of a voice, into `payload`; nil if its clock has not moved on.
    /// - Parameters:
    ///   - now: the moment its readings are of.
    ///   - isBacklog: the moment is long past, and nothing else is to go wrong.
    mutating func make(_ voice: Int, now: Milliseconds, isBacklog: Bool) -> MadeMessage? {
        let speech = speeches[voices[voice].speech]
        var roll = voices[voice].roll
        let isMalformed = !isBacklog && Chance.unit(roll.next()) < faults.malformed
        let isLate = !isBacklog && !isMalformed && speech.canBeLate && Chance.unit(roll.next()) < faults.late
        let lag =
            isLate ? Span.minute + Milliseconds(Chance.unit(roll.next()) * Double(29 * Span.minute)) : nil
        guard voices[voice].speak(speech, now: now, lag: lag, zone: zone, into: &draft) else { return nil }
        let topics = voices[voice].topics
        var topic = topics[topics.count == 1 ? 0 : Int(roll.next() % UInt64(topics.count))]
        var kind: MessageKind = isBacklog || isLate ? .late : .good
        if isMalformed {
            topic = spoil(speech, voice, topic, &roll)
            kind = .malformed
        } else {
            speech.writer.write(draft, into: &payload)
        }
        if let compression = speech.profile.wire.compression {
            payload = PayloadPacker.pack(payload, compression)
        }
        let entry = writesLedger ? entry(speech, voice, topic, kind, now) : nil
        return MadeMessage(topic: topic, kind: kind, entry: entry)
    }

    /// Whether the messages of this voice say when they are of; without that, nothing can be made up for later.
    func tellsTime(_ voice: Int) -> Bool { speeches[voices[voice].speech].plan.carriesTime }

    /// Whether anybody could tell that a message of this voice was sent before.
    func canBeDuplicated(_ voice: Int) -> Bool {
        let plan = speeches[voices[voice].speech].plan
        return plan.carriesTime || plan.carriesSequence
    }

    /// Writes a payload that will be refused, and returns the topic it goes to.
    private mutating func spoil(
        _ speech: ProfileSpeech, _ voice: Int, _ topic: String, _ roll: inout SplitMix64
    ) -> String {
        let mischief = Mischief.any(roll.next())
        var writer = speech.writer
        writer.mischief = mischief.value
        writer.write(draft, into: &payload)
        if mischief == .unknownDevice {
            let device = voices[voice].device
            return speech.profile.topics[0].topic(["device": device.key + "-unknown", "ward": device.ward])
        }
        mischief.spoil(&payload, roll.next())
        // Half of `23.5` is a number, too: only nothing at all is surely wrong everywhere.
        if !isRefused(speech, voice) { payload.removeAll(keepingCapacity: true) }
        return topic
    }

    private mutating func isRefused(_ speech: ProfileSpeech, _ voice: Int) -> Bool {
        let scratch = scratch
        let now = draft.times.last ?? 0
        return payload.withUnsafeBytes { payload in
            draft.device.withUnsafeBufferPointer { device in
                var message = DecodedMessage()
                return speech.profile.format.unpacked.decode(
                    payload, device: device, now: now, into: scratch, &message) != nil
            }
        }
    }

    private func entry(
        _ speech: ProfileSpeech, _ voice: Int, _ topic: String, _ kind: MessageKind, _ now: Milliseconds
    ) -> LedgerEntry {
        var entry = LedgerEntry(
            topic: topic, payload: payload, device: voices[voice].device.key,
            sequence: speech.plan.carriesSequence ? draft.sequence : nil, time: draft.times.last ?? now,
            isStampedOnArrival: !speech.plan.carriesTime)
        guard kind != .malformed else { return entry }
        for record in 0..<draft.records {
            draft.withRecord(record) { contents in
                speech.plan.forEachReading(contents) { index, value, weight in
                    let name = speech.profile.measurements[index].name
                    entry.addReading(name, value: value, weight: weight, time: draft.times[record])
                }
            }
        }
        return entry
    }
}
