package import Ring
package import Synchronization
package import Telemetry

/// The one boundary between the intake thread and the drain thread: rings one way, durability back.
package final class IntakeChannel: Sendable {
    package let readings: Ring<Reading>
    package let messages: Ring<MessageRecord>
    /// Rung by intake at the end of a burst, and by whoever has a command.
    package let work = Doorbell()
    /// Rung by drain when messages became durable, or cannot.
    package let settled = Doorbell()
    /// Messages durable so far, as a position in `messages`. Written by drain.
    package let durable = Atomic<UInt64>(0)
    /// Whether the last commit failed. Written by drain.
    package let isFailing = Atomic<Bool>(false)
    /// Set once: intake and drain end.
    package let isStopping = Atomic<Bool>(false)
    /// QoS 0 messages dropped while even the ring of messages was full. Written by intake.
    package let droppedUnseen = Atomic<Int64>(0)
    /// Last alert event the broker has taken. Written by whoever publishes, kept by drain.
    package let publishedEvent = Atomic<Int64>(0)
    /// Everything published before this moment has been received. Written by intake, kept by drain.
    package let caughtUp = Atomic<Milliseconds>(0)
    /// Messages that the broker says it has dropped, negative before it has said so. Written by intake, behind the gap that tells of
    /// them; kept by drain.
    package let brokerDrops = Atomic<Int64>(-1)
    /// Sessions lost of which no commit tells yet: until then the stored history is of a session that is gone. Raised by
    /// intake, lowered by drain.
    package let lostSessions = Atomic<Int>(0)
    package let tray = RejectTray()
    /// What became of messages to receivers outside. Written by whoever delivers, kept by drain.
    package let deliveries: DeliveryInbox
    private let gaps = Mutex<[Gap]>([])
    private let departures = Mutex<[(position: UInt64, departure: Departure)]>([])
    private let wantedBirths = Mutex<[WantedBirths]>([])
    /// Edge nodes to be asked for births while the list of them was full. Written by intake.
    package let unaskedBirths = Atomic<Int64>(0)
    private let ownReadings = Mutex<[Reading]>([])

    /// - Parameter capacity: slots for readings, a power of two; messages get as many, for they may have one reading each.
    package init(capacity: Int) {
        readings = Ring(capacity: capacity)
        messages = Ring(capacity: capacity)
        deliveries = DeliveryInbox(work: work)
    }

    /// Kept between two commits. Beyond it, as when a disk is stuck over many reconnects, the last gap is stretched.
    package static let maximumGaps = 64

    package func report(_ gap: Gap) {
        gaps.withLock { gaps in
            guard gaps.count >= Self.maximumGaps, let last = gaps.lastIndex(where: { $0.kind == gap.kind })
            else {
                if gap.kind == .sessionLost { lostSessions.add(1, ordering: .relaxed) }
                return gaps.append(gap)
            }
            gaps[last].to = max(gaps[last].to, gap.to)
            gaps[last].count += gap.count
        }
        work.ring()
    }

    package func takeGaps() -> [Gap] { gaps.takeAll() }

    /// A gateway said that devices are gone, in the message that is published next.
    func report(_ gone: [Departure]) {
        let position = messages.publishedPosition
        departures.withLock { departures in departures += gone.map { (position, $0) } }
    }

    /// Those said by messages before `position`: who is gone is gone behind what was said before, and before what comes.
    func takeDepartures(before position: UInt64) -> [Departure] {
        departures.withLock { departures in
            let due = departures.prefix { $0.position < position }.map(\.departure)
            departures.removeFirst(due.count)
            return due
        }
    }

    /// Kept while nobody can be asked: one for each edge node there may be.
    package static let maximumWantedBirths = SparkplugHost.maximumEdges

    func want(_ births: [WantedBirths]) {
        guard !births.isEmpty else { return }
        let left = wantedBirths.withLock { wanted in
            let room = max(Self.maximumWantedBirths - wanted.count, 0)
            wanted.append(contentsOf: births.prefix(room))
            return births.count - min(room, births.count)
        }
        if left > 0 { unaskedBirths.add(Int64(left), ordering: .relaxed) }
    }

    /// Edge nodes of Sparkplug B that must say their births again.
    package func takeWantedBirths() -> [WantedBirths] { wantedBirths.takeAll() }

    /// What the service measured of itself. While a disk is stuck the newest are enough.
    package func report(_ readings: [Reading]) {
        ownReadings.withLock { $0 = readings }
        work.ring()
    }

    package func takeOwnReadings() -> [Reading] { ownReadings.takeAll() }

    package func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        work.ring()
        settled.ring()
    }
}

/// A device of which its gateway says that it is gone.
package struct Departure: Sendable, Equatable {
    package var device: DeviceID
    package var at: Milliseconds
}

/// An edge node of Sparkplug B whose births are missing.
package struct WantedBirths: Sendable, Equatable {
    package var group: String
    package var edge: String
}

/// Refused messages on their way to the quarantine, bounded: a flood of bad messages is counted whole and kept in part.
package final class RejectTray: Sendable {
    /// Between two commits; the database bounds what stays.
    package static let capacity = 1_024

    private let pending = Mutex<[(position: UInt64, message: RejectedMessage)]>([])
    /// Refused messages whose details were not kept.
    package let overflow = Atomic<Int64>(0)

    package func put(_ message: RejectedMessage, at position: UInt64) {
        let isKept = pending.withLock { pending in
            guard pending.count < Self.capacity else { return false }
            pending.append((position, message))
            return true
        }
        if !isKept { overflow.add(1, ordering: .relaxed) }
    }

    /// Takes that of the message at `position` back: it was let go. A drain cannot have it yet.
    func withdraw(_ position: UInt64) {
        pending.withLock { pending in
            if pending.last?.position == position { pending.removeLast() }
        }
    }

    /// Those of messages before `position`, so that they share the transaction of their message.
    package func take(before position: UInt64) -> [RejectedMessage] {
        pending.withLock { pending in
            let count = pending.firstIndex { $0.position >= position } ?? pending.count
            guard count > 0 else { return [] }
            defer { pending.removeFirst(count) }
            return pending.prefix(count).map(\.message)
        }
    }
}
