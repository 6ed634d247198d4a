/// What to do with the messages that are due to a receiver: its quiet hours and its limit decide.
package struct DeliveryPlan: Sendable, Equatable {
    /// A message whose time has come.
    package struct Due: Sendable, Equatable {
        package var id: Int64
        package var priority: AlertPriority
        /// Whether the limit kept it back before.
        package var isHeld: Bool
        /// Whether it tells of several.
        package var isDigest: Bool

        package init(id: Int64, priority: AlertPriority, isHeld: Bool = false, isDigest: Bool = false) {
            self.id = id
            self.priority = priority
            self.isHeld = isHeld
            self.isDigest = isDigest
        }
    }

    /// To hand over now, in this order.
    package private(set) var send: [Int64] = []
    package private(set) var changes: [NotificationChange] = []

    /// - Parameters:
    ///   - taken: when messages were handed over to the receiver, for at least the span of its limit.
    ///   - room: how many more may be on their way to it.
    package init(
        _ due: [Due], to receiver: Receiver, taken: [Milliseconds], room: Int, at now: Milliseconds,
        in zone: ZoneOffsets
    ) {
        let ready = due.filter { receiver.moment(for: $0.priority, at: now, in: zone) <= now }
        if let end = receiver.quiet.end(at: now, in: zone), ready.count < due.count {
            let waiting = due.filter { !ready.contains($0) }
            changes.append(.postponed(waiting.map(\.id), until: end))
        }
        // A digest is of what has waited longest. Then the most urgent first.
        let ordered = ready.sorted {
            ($0.isDigest ? 0 : 1, -$0.priority.rank, $0.id) < ($1.isDigest ? 0 : 1, -$1.priority.rank, $1.id)
        }
        if let limit = receiver.limit {
            apply(limit, to: ordered, of: receiver, taken, room, now)
        } else {
            send = ordered.prefix(room).map(\.id)
        }
    }

    private mutating func apply(
        _ limit: NotificationLimit, to ordered: [Due], of receiver: Receiver, _ taken: [Milliseconds],
        _ room: Int, _ now: Milliseconds
    ) {
        var free = limit.room(taken, at: now)
        var rest = ordered
        let held = ordered.filter { $0.isHeld && !$0.isDigest }
        // A digest that waits already has the first place.
        if free > ordered.count(where: \.isDigest), held.count > 1 {
            let most = held.map(\.priority).max() ?? .low
            changes.append(.folded(held.map(\.id), receiver: receiver.name, priority: most))
            rest.removeAll { $0.isHeld && !$0.isDigest }
            // The message they become takes its place in the next round.
            free -= 1
        }
        send = rest.prefix(min(free, room)).map(\.id)
        let beyond = rest.dropFirst(free).map(\.id)
        guard !beyond.isEmpty else { return }
        let after = taken + Array(repeating: now, count: limit.room(taken, at: now))
        changes.append(.held(beyond, until: limit.nextRoom(after, at: now)))
    }
}
