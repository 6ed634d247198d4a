import Telemetry

/// A message as its sender meant it: the bytes, and what a decoder must make of them.
struct SentMessage {
    struct Value {
        var measurement: Int
        /// nil where the device gives none: then the arrival counts.
        var time: Milliseconds?
        var value: Double
        var weight = 1.0
        var isBad = false
    }

    /// -1 where no device is meant.
    var device: Int
    var topic: String
    var payload: String
    /// Negative if there is none.
    var sequence: Int64 = -1
    var hasTime = false
    /// Event times of the records, in order.
    var times: [Milliseconds] = []
    var values: [Value] = []
    /// Why it must be refused whatever the clock says.
    var fault: RejectionReason?
    var isRetained = false
}

/// A device and the gateway before it: makes messages up, sends some late, some twice, some broken.
struct SimulatedGateway {
    private let device: Int
    private let key: String
    private let speech: SimulatedCity.Speech
    /// Whether every bare number is the same, as of a sensor that reads nothing.
    private let isUniform: Bool
    /// Whether no two messages have the same bytes.
    private let isNeverAlike: Bool
    private var sequence: Int64
    private var total: Double
    private var isHigh = false
    private var mode = 0
    private var unlike = 0
    /// Records sent, for packing again.
    private var records: [Record] = []
    /// Sent messages that may be sent again, the newest last.
    private var sent: [SentMessage] = []
    /// Made, and kept back.
    private var keptBack: [SentMessage] = []

    private struct Record {
        var time: Milliseconds
        var values: [SentMessage.Value]
        var text: String
    }

    init(device: Int, city: SimulatedCity, isUniform: Bool, isNeverAlike: Bool, _ chance: inout Chance) {
        self.device = device
        key = city.devices[device].key
        speech = city.speech(of: device)
        self.isUniform = isUniform
        self.isNeverAlike = isNeverAlike
        sequence = Int64(chance.pick([0, 0, 1, 500, 1_020, 5_000, 1 << 40]))
        total = Double(chance.number(0...100)) / 4
    }

    /// A message sent before, as it was; nil if there is none.
    mutating func repeated(_ chance: inout Chance) -> SentMessage? {
        guard !sent.isEmpty, !isNeverAlike else { return nil }
        let depth = chance.happens(80) ? min(5, sent.count) : sent.count
        return sent[sent.count - chance.number(1...depth)]
    }

    /// The next message, or one that was kept back.
    mutating func next(at now: Milliseconds, _ chance: inout Chance) -> SentMessage? {
        if !keptBack.isEmpty, chance.happens(30) {
            return remember(keptBack.remove(at: chance.number(0...keptBack.count - 1)))
        }
        if chance.happens(4) { return broken(at: now, &chance) }
        let message = make(at: now, &chance)
        if chance.happens(8), keptBack.count < 10 {
            keptBack.append(message)
            return nil
        }
        return remember(message)
    }

    private mutating func remember(_ message: SentMessage) -> SentMessage {
        sent.append(message)
        if sent.count > 80 { sent.removeFirst() }
        return message
    }

    // MARK: Values

    private mutating func make(at now: Milliseconds, _ chance: inout Chance) -> SentMessage {
        if chance.happens(25) { isHigh.toggle() }
        var message = SentMessage(device: device, topic: "t/\(key)/\(speech)", payload: "")
        switch speech {
        case .bare, .tally:
            let record = record(at: nil, only: speech == .bare ? 0 : 1, &chance)
            message.values = record.values.map { .init(measurement: 0, value: $0.value, isBad: $0.isBad) }
            message.payload = "\(message.values[0].value)"
        case .counted:
            let record = record(at: nil, only: 0, &chance)
            number(&message, &chance)
            message.values = record.values
            message.payload = "{\"seq\":\(message.sequence),\(record.text)}"
        case .numbered:
            let record = record(at: eventTime(now, &chance), only: nil, &chance)
            number(&message, &chance)
            message.hasTime = true
            message.times = [record.time]
            message.values = record.values
            message.payload = "{\"seq\":\(message.sequence),\(record.text)}"
        case .timed:
            var packed: [Record] = []
            if !records.isEmpty, chance.happens(12) {
                for _ in 0..<chance.number(1...2) { packed.append(chance.pick(Array(records.suffix(4)))) }
            }
            if packed.isEmpty || isNeverAlike || chance.happens(50) {
                for _ in 0..<chance.pick([1, 1, 1, 2]) {
                    packed.append(record(at: eventTime(now, &chance), only: nil, &chance))
                }
            }
            records = Array((records + packed).suffix(20))
            message.hasTime = true
            message.times = packed.map(\.time)
            message.values = packed.flatMap(\.values)
            message.payload = "{\"r\":[\(packed.map { "{\($0.text)}" }.joined(separator: ","))]}"
        }
        return message
    }

    private mutating func number(_ message: inout SentMessage, _ chance: inout Chance) {
        if sequence > 0, chance.happens(1) {
            // Began again: from then on nobody sends what was before.
            sequence = 0
            sent = []
            keptBack = []
        }
        message.sequence = sequence
        sequence += chance.happens(97) ? 1 : Int64(chance.pick([2, 30, 1_023, 1_500]))
    }

    /// - Parameter only: the one value of a bare device: 0 its level, 1 its total.
    private mutating func record(at time: Milliseconds?, only: Int?, _ chance: inout Chance) -> Record {
        let names = speech == .numbered ? [0, 1, 2, 3, 4] : [0, 2, 3, 4]
        let first = only ?? 0
        var values: [SentMessage.Value] = []
        var fields: [String] = time.map { ["\"ts\":\($0)"] } ?? []
        for (position, quantity) in names.enumerated() {
            if let only {
                guard quantity == (only == 0 ? 0 : 2) else { continue }
            } else if !chance.happens(position == first ? 90 : 40) {
                continue
            }
            var value = SentMessage.Value(measurement: only == nil ? position : 0, time: time, value: 0)
            fields.append(measure(quantity, &value, &chance))
            values.append(value)
        }
        if values.isEmpty {
            var value = SentMessage.Value(measurement: 0, time: time, value: 0)
            fields.append(measure(0, &value, &chance))
            values.append(value)
        }
        return Record(time: time ?? 0, values: values, text: fields.joined(separator: ","))
    }

    /// Level, flow, total, mode or share; quarters, so that sums are exact in any order.
    private mutating func measure(_ quantity: Int, _ value: inout SentMessage.Value, _ chance: inout Chance)
        -> String
    {
        switch quantity {
        case 0:
            value.value = Double(chance.number(0...120)) / 4 + (isHigh ? 45 : 0)
            if chance.happens(3) { value.value = 400 }
            if isUniform, speech != .numbered, speech != .timed { value.value = 7 }
            if !isUniform, speech == .bare || speech == .counted { value.value = distinct(value.value) }
            value.isBad = value.value > 100
            return "\"level\":\(value.value)"
        case 1:
            value.value = Double(chance.number(0...40)) / 4
            return "\"flow\":\(value.value)"
        case 2:
            if chance.happens(2) { total = 0 }
            total += Double(chance.number(0...40)) / 4
            value.value = chance.happens(3) ? 2e6 : total
            if isUniform, speech == .tally { value.value = 7 }
            if !isUniform, speech == .tally { value.value = distinct(value.value) }
            value.isBad = value.value > 1e6
            return "\"total\":\(value.value)"
        case 3:
            if chance.happens(30) { mode = chance.number(0...2) }
            value.value = Double(mode)
            return "\"mode\":\"\(["off", "on", "fault"][mode])\""
        default:
            let denominator = Double(1 << chance.number(0...4))
            value.value = Double(chance.number(0...chance.pick([4, 4, 16]))) * denominator / 4
            value.weight = denominator
            value.isBad = value.value > denominator
            return "\"num\":\(value.value),\"den\":\(denominator)"
        }
    }

    /// Unlike all this device has sent, and still exact in sums: a broker that lost its snapshot can give the same
    /// packet id to equal bytes, and nobody could tell the two apart.
    private mutating func distinct(_ value: Double) -> Double {
        unlike += 1
        return value + Double(unlike) / 1_024
    }

    private func eventTime(_ now: Milliseconds, _ chance: inout Chance) -> Milliseconds {
        let age: Milliseconds
        switch chance.number(0...99) {
        case 0..<68: age = chance.time(0...1_500)
        case 68..<78: age = chance.time(0...Span.minute)
        case 78..<86: age = chance.time(0...20 * Span.minute)
        case 86..<92: age = chance.time(0...5 * Span.hour)
        case 92..<95: age = chance.time(0...20 * Span.day)
        case 95..<98: age = -chance.time(0...2 * Span.minute)
        case 98: age = -chance.time(2 * Span.minute...10 * Span.minute)
        default: age = SimulatedRun.retention + chance.time(-Span.minute...Span.day)
        }
        let time = now - age
        return chance.happens(40) ? time - time.floorDivided(by: 1_000).remainder : time
    }

    // MARK: Faults

    private mutating func broken(at now: Milliseconds, _ chance: inout Chance) -> SentMessage {
        unlike += 1
        let mark = isUniform ? 0 : unlike
        var message = make(at: now, &chance)
        switch chance.number(0...3) {
        case 0:
            message.payload = speech == .bare || speech == .tally ? "x\(mark)" : "{\"\(mark)\":"
            message.fault = speech == .bare || speech == .tally ? .notANumber : .notJSON
        case 1:
            message.topic = "t/nobody/\(speech)"
            message.device = -1
            message.fault = .unknownDevice
        case 2:
            message.topic = "elsewhere/\(key)"
            message.device = -1
            message.fault = .unknownTopic
        default:
            message.isRetained = true
            if !message.hasTime { message.fault = .retainedWithoutTime }
        }
        return message
    }
}
