package import Telemetry

/// What became of a message on the intake side.
package enum MessageOutcome: BitwiseCopyable, Equatable, Sendable {
    /// Its readings are in the ring.
    case decoded
    /// Taken, with nothing in it to store: a birth, a death, or news of what nobody asks for.
    case followed
    /// Its fault is in the tray, if the tray had room.
    case rejected(RejectionReason)
    /// The broker sent again what is already committed.
    case redelivered
    /// QoS 0 and no room.
    case dropped
}

/// One message in the ring beside its readings, in order of arrival.
package struct MessageRecord: BitwiseCopyable, Sendable {
    /// Positions in the ring of readings: its first, and the one after its last. What lies before the first and after
    /// the message before belongs to a message that was let go.
    package var readingStart: UInt64
    package var readingEnd: UInt64
    package var fingerprintHigh: UInt64
    package var fingerprintLow: UInt64
    package var arrival: Int64
    package var newestTime: Int64
    /// The device's own number, negative if it gives none.
    package var sequence: Int64
    /// `DeviceID`, `.max` if unknown.
    package var device: UInt32
    package var packet: UInt16
    package var outcome: MessageOutcome
    package var source: MessageSource
    /// Whether the device gives times of its own: only then do repeats mean re-sends.
    package var hasTime: Bool
    /// The broker's retained copy, sent on subscribing: may have been counted before.
    package var isRetained: Bool
    /// Whether parts of it were refused; the first is in the tray, if the tray had room.
    package var isPartial = false
    /// Whether it is the whole of a message, or its last part: a message of several devices is one record for each of them.
    package var endsMessage = true
}

/// How a message came.
package enum MessageSource: UInt8, BitwiseCopyable, Sendable {
    case mqttAtMostOnce
    case mqttAtLeastOnce
    case replay
    /// The service's readings of itself.
    case own

    /// As the counters call it.
    package var name: String {
        switch self {
        case .mqttAtMostOnce: "mqtt-qos0"
        case .mqttAtLeastOnce: "mqtt-qos1"
        case .replay: "replay"
        case .own: "own"
        }
    }
}
