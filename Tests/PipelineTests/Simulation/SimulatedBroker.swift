/// One persistent session at a broker, as mosquitto keeps it (see the facts in the promises): packet ids are given when a
/// message is queued, unacknowledged messages come again in the same order under the same ids, and a broker that is
/// killed goes on from its last snapshot.
struct SimulatedBroker {
    struct Item {
        /// One publication; a gateway that sends again makes another.
        var publication: Int
        /// 0 for QoS 0.
        var packet: UInt16
        var message: SentMessage
    }

    private struct Session {
        var queue: [Item] = []
        var lastPacket: UInt16 = 0
        var isSubscribed = false
    }

    /// Highest packet id: 65 535 of a real broker, less so that ids come round within a run.
    let packets: UInt16
    private var session: Session?
    private var snapshot: Session?
    /// Items at the head of the queue that went out over this connection.
    private var delivered = 0
    private(set) var isConnected = false
    /// What was ever sent under a packet id. Equal bytes under a used id cannot be told apart by anybody (docs/reliability.md,
    /// what is not promised), so this broker avoids them.
    private var used: Set<String> = []
    private let avoidsUsed: Bool
    /// Publications lost by the broker itself: no session, no room, or its own crash.
    private(set) var lost = 0

    init(packets: UInt16, avoidsUsed: Bool) {
        self.packets = packets
        self.avoidsUsed = avoidsUsed
    }

    /// More are dropped.
    var maximumQueued: Int { Int(packets) / 2 }
    var isEmpty: Bool { session?.queue.isEmpty ?? true }
    var waiting: Int { (session?.queue.count ?? 0) - delivered }

    mutating func publish(_ message: SentMessage, publication: Int, atLeastOnce: Bool) {
        guard session?.isSubscribed == true, session!.queue.count < maximumQueued, atLeastOnce || isConnected
        else {
            lost += 1
            return
        }
        var packet: UInt16 = 0
        if atLeastOnce {
            packet = session!.lastPacket
            repeat { packet = packet % packets + 1 } while isTaken(packet, message)
            session!.lastPacket = packet
        }
        session!.queue.append(Item(publication: publication, packet: packet, message: message))
    }

    private mutating func isTaken(_ packet: UInt16, _ message: SentMessage) -> Bool {
        if session!.queue.contains(where: { $0.packet == packet }) { return true }
        return avoidsUsed && !used.insert("\(packet) \(message.topic) \(message.payload)").inserted
    }

    /// - Returns: whether the session was known.
    mutating func connect() -> Bool {
        disconnect()
        isConnected = true
        defer { session = session ?? Session() }
        return session != nil
    }

    mutating func subscribe() { session?.isSubscribed = true }

    mutating func disconnect() {
        isConnected = false
        delivered = 0
        session?.queue.removeAll { $0.packet == 0 }
    }

    /// What `deliver` would give.
    var next: Item? {
        guard isConnected, let queue = session?.queue, delivered < queue.count else { return nil }
        return queue[delivered]
    }

    mutating func deliver() -> Item? {
        guard let next else { return nil }
        if next.packet == 0 { return session!.queue.remove(at: delivered) }
        delivered += 1
        return next
    }

    /// The first `count` of what was delivered is acknowledged.
    /// - Returns: the publications.
    mutating func acknowledge(_ count: Int) -> [Int] {
        let count = min(count, delivered)
        delivered -= count
        defer { session?.queue.removeFirst(count) }
        return session?.queue.prefix(count).map(\.publication) ?? []
    }

    // MARK: Faults

    /// Writes its state down, without what lives as long as a connection only.
    mutating func save() {
        snapshot = session
        snapshot?.queue.removeAll { $0.packet == 0 }
    }

    /// Killed, and up again with its last snapshot.
    mutating func crash() {
        disconnect()
        let known = Set(snapshot?.queue.map(\.publication) ?? [])
        lost += session?.queue.count { !known.contains($0.publication) } ?? 0
        session = snapshot
    }

    /// Expired, or deleted by somebody, and written down as such.
    mutating func forgetSession() {
        disconnect()
        snapshot = nil
        lost += session?.queue.count ?? 0
        session = nil
    }
}
