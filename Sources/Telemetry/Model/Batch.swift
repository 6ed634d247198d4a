/// Takes elements somewhere durable, all of each or nothing.
package protocol Sink<Element>: AnyObject {
    associatedtype Element
    func write(_ element: borrowing Element) throws
}

/// Everything one transaction makes durable: after it, the messages of the batch may be acknowledged.
package struct Batch: Sendable {
    /// Time of the batch, by the clock.
    package var at: Milliseconds = 0
    /// Accepted readings in order of arrival, the bad ones too.
    package var readings: [Reading] = []
    /// Messages that are no repeats, also where all their readings are: what the journal keeps beside readings.
    package var messages: [AcceptedMessage] = []
    /// Every message taken, in order, for recognising what the broker sends again.
    package var acknowledgements: [Acknowledgement] = []
    package var rollups = Rollups()
    package var amendments = Rollups()
    package var alertEvents: [AlertEvent] = []
    package var alertInstances: [AlertInstanceState] = []
    package var hindsights: [AlertHindsight] = []
    package var regimeSwitches: [RegimeSwitch] = []
    /// Who outside is to be told of `alertEvents`.
    package var notifications: [NotificationDraft] = []
    /// What became of what was queued before.
    package var notificationChanges: [NotificationChange] = []
    package var rejects: [RejectedMessage] = []
    /// Refused messages by reason: all of them, while `rejects` is what the tray had room for.
    package var rejections: [RejectionReason: Int64] = [:]
    /// Messages stored of which parts were refused: `rejects` tells of the first part of each.
    package var partialMessages: Int64 = 0
    package var gaps: [Gap] = []
    /// Additions to the counters of what happened to messages.
    package var losses: [LossKey: LossCounters] = [:]
    /// The aggregator's watermark after this batch.
    package var closedThrough: Milliseconds = .min
    /// Recent state of devices and series, now and then; nil in between.
    package var checkpoint: Checkpoint?
    /// Last alert event known to be published over MQTT.
    package var publishedEvent: Int64?
    /// Everything published before this moment has been received; nil if that is not known yet.
    package var caughtUp: Milliseconds?
    /// Messages that the broker says it has dropped; nil if it has not said so yet.
    package var brokerDrops: Int64?
    /// Files of which a part is stored with it.
    package var replayed: [ReplayedPart] = []

    package init() {}

    /// Whether there is anything worth a transaction.
    package var isEmpty: Bool {
        readings.isEmpty && acknowledgements.isEmpty && rollups.isEmpty && amendments.isEmpty
            && alertEvents.isEmpty
            && alertInstances.isEmpty && hindsights.isEmpty && regimeSwitches.isEmpty
            && notificationChanges.isEmpty && rejects.isEmpty && gaps.isEmpty && losses.isEmpty
            && checkpoint == nil
    }
}

/// What the journal keeps of a message besides its readings.
package struct AcceptedMessage: BitwiseCopyable, Sendable, Equatable {
    package var device: DeviceID
    /// The device's own number, negative if it gives none.
    package var sequence: Int64
    /// Half of its fingerprint where it has a time but no number, else 0.
    package var fingerprint: UInt64
    package var arrival: Milliseconds
    package var newestTime: Milliseconds

    package init(
        device: DeviceID, sequence: Int64, fingerprint: UInt64, arrival: Milliseconds,
        newestTime: Milliseconds
    ) {
        self.device = device
        self.sequence = sequence
        self.fingerprint = fingerprint
        self.arrival = arrival
        self.newestTime = newestTime
    }
}

/// A message as the broker may send it again: its packet id and a fingerprint of topic and payload.
package struct Acknowledgement: BitwiseCopyable, Sendable, Equatable {
    package var high: UInt64
    package var low: UInt64
    package var packet: UInt16

    package init(packet: UInt16, high: UInt64, low: UInt64) {
        self.packet = packet
        self.high = high
        self.low = low
    }
}

/// A refused message for the quarantine.
package struct RejectedMessage: Sendable, Equatable {
    package var topic: String
    package var reason: RejectionReason
    /// Byte offset of the fault in the payload.
    package var offset: Int
    package var payload: [UInt8]
    package var at: Milliseconds

    package init(topic: String, reason: RejectionReason, offset: Int, payload: [UInt8], at: Milliseconds) {
        self.topic = topic
        self.reason = reason
        self.offset = offset
        self.payload = payload
        self.at = at
    }

    /// A quarantined payload is kept up to this: enough to see what is wrong, and most messages whole.
    package static let maximumPayload = 4 * 1_024
}

/// A stretch in which messages may have been lost before they reached us.
package struct Gap: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The broker did not remember our session.
        case sessionLost = "session-lost"
        /// The broker's own counter of dropped messages rose.
        case brokerDropped = "broker-dropped"
    }
    package var kind: Kind
    package var from: Milliseconds
    package var to: Milliseconds
    /// Messages known to be lost, 0 if nobody knows.
    package var count: UInt64

    package init(kind: Kind, from: Milliseconds, to: Milliseconds, count: UInt64 = 0) {
        self.kind = kind
        self.from = from
        self.to = to
        self.count = count
    }
}

/// Which messages a set of counters is about.
package struct LossKey: Hashable, Sendable {
    /// `mqtt-qos0`, `mqtt-qos1` or `replay`.
    package var source: String
    /// Domain of the device, `_` where the message named none.
    package var domain: String

    package init(source: String, domain: String) {
        self.source = source
        self.domain = domain
    }
}

/// What happened to messages: received = stored + rejected + duplicate + dropped.
package struct LossCounters: Sendable, Equatable {
    package var received: Int64 = 0
    package var stored: Int64 = 0
    package var rejected: Int64 = 0
    package var duplicate: Int64 = 0
    package var dropped: Int64 = 0
    /// Readings in stored messages.
    package var readings: Int64 = 0
    /// Readings merged into windows that were closed already.
    package var late: Int64 = 0
    /// Readings outside their hard limits.
    package var bad: Int64 = 0
    /// Readings seen before in messages that brought others.
    package var duplicateReadings: Int64 = 0

    package init() {}

    /// Messages of which nobody knows what became of them: always 0, or something is broken.
    package var unaccounted: Int64 { received - stored - rejected - duplicate - dropped }

    package var isBalanced: Bool { unaccounted == 0 }

    package static func += (left: inout LossCounters, right: LossCounters) {
        left.received += right.received
        left.stored += right.stored
        left.rejected += right.rejected
        left.duplicate += right.duplicate
        left.dropped += right.dropped
        left.readings += right.readings
        left.late += right.late
        left.bad += right.bad
        left.duplicateReadings += right.duplicateReadings
    }
}

/// State that follows from the journal, written down now and then so that a restart need not read far back.
package struct Checkpoint: Sendable {
    package var devices: [(device: DeviceID, state: DeviceState)] = []
    package var series = SeriesStates()
    package init() {}
}

/// Newest of a device.
package struct DeviceState: Sendable, Equatable {
    /// Arrival of its last accepted message.
    package var lastSeen: Milliseconds = .min
    package var lastTime: Milliseconds = .min
    /// When its gateway said that it is gone; it is there again once it was heard after it.
    package var departed: Milliseconds = .min
    package var window = SequenceWindow()
    package var recent = RecentMessages()

    package init() {}

    /// Notes a message.
    /// - Returns: false if it was seen before.
    package mutating func admit(_ message: AcceptedMessage) -> Bool {
        let isNew =
            message.sequence >= 0
            ? window.admit(message.sequence, time: message.newestTime)
            : message.fingerprint == 0 || recent.admit(message.fingerprint)
        guard isNew else { return false }
        lastSeen = max(lastSeen, message.arrival)
        lastTime = max(lastTime, message.newestTime)
        return true
    }
}
