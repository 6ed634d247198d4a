import Logging
import Pipeline
import Store
import Telemetry

/// Decides what goes to whom now: the database says what is due, quiet hours and limits what of it may go.
actor NotificationOutbox {
    /// A message that is on its way, and its attempts before.
    struct Job: Sendable {
        var lane: Int
        var receiver: Receiver
        var due: DueNotification
    }

    /// One receiver: what is on its way to it, and what it got lately.
    private struct Lane {
        let receiver: Receiver
        var busy: Set<Int64> = []
        var taken: [Int64: Milliseconds] = [:]
    }

    /// On their way to one receiver at once; each has its own, so that none waits for another.
    static let mostAtOnce = 4
    /// Of one receiver, looked at in one round; of one with a limit more, for they become one message.
    private static let mostDue = (plain: 200, limited: 10_000)

    private let reader: StoreReader
    private let inbox: DeliveryInbox
    private let zone: ZoneOffsets
    private let logger: Logger
    private let bound: WaitingBound
    private var lanes: [Lane]

    init(
        _ receivers: [Receiver], reader: StoreReader, inbox: DeliveryInbox, zone: ZoneOffsets, logger: Logger,
        bound: WaitingBound = .standard
    ) {
        self.reader = reader
        self.inbox = inbox
        self.zone = zone
        self.logger = logger
        self.bound = bound
        lanes = receivers.map { Lane(receiver: $0) }
    }

    /// Takes up what a service before this one left: how much each receiver got, and what waits for one that is gone.
    func takeUp(at now: Milliseconds) {
        noting {
            for index in lanes.indices {
                guard let limit = lanes[index].receiver.limit else { continue }
                let since = now - limit.span
                lanes[index].taken = try reader.handedOver(to: lanes[index].receiver.name, since: since)
            }
            let known = Set(lanes.map(\.receiver.name))
            for name in try reader.waitingReceivers() where !known.contains(name) {
                let left = try reader.dueNotifications(to: name, at: .max, limit: .max)
                logger.warning(
                    "\(left.count) notifications to \(name), who is not in receivers.yaml any more, have failed"
                )
                let error = "the receiver is not in receivers.yaml any more"
                for notification in left { inbox.put(.failed(notification.id, at: now, error: error)) }
            }
        }
    }

    /// What goes now; it counts as on its way until `end`.
    func jobs(at now: Milliseconds) -> [Job] {
        lanes.indices.flatMap { index in noting { try jobs(of: index, at: now) } ?? [] }
    }

    /// More than may wait become one message, which is among those that are due when it is stored.
    private func relieve(_ receiver: Receiver) throws {
        guard try reader.waitingNotifications(to: receiver.name) > bound.most else { return }
        let unsettled = inbox.unsettled
        let waiting = try reader.dueNotifications(to: receiver.name, at: .max, limit: .max)
            .filter { !unsettled.contains($0.id) }
        guard let relief = bound.relief(of: waiting.map(DeliveryPlan.Due.init), to: receiver.name) else {
            return
        }
        logger.warning(
            "more than \(bound.most) notifications wait for \(receiver.name): \(relief.ids.count) of them become one"
        )
        inbox.put(relief)
    }

    private func jobs(of index: Int, at now: Milliseconds) throws -> [Job] {
        try relieve(lanes[index].receiver)
        let room = Self.mostAtOnce - lanes[index].busy.count
        guard room > 0 else { return [] }
        let receiver = lanes[index].receiver
        let unsettled = inbox.unsettled
        let mostDue = receiver.limit == nil ? Self.mostDue.plain : Self.mostDue.limited
        let due = try reader.dueNotifications(to: receiver.name, at: now, limit: mostDue)
            .filter { !unsettled.contains($0.id) }
        guard !due.isEmpty else { return [] }
        let span = receiver.limit?.span ?? 0
        lanes[index].taken = lanes[index].taken.filter { $0.value > now - span }
        let plan = DeliveryPlan(
            due.map(DeliveryPlan.Due.init), to: receiver, taken: Array(lanes[index].taken.values), room: room,
            at: now, in: zone)
        for change in plan.changes { inbox.put(change) }
        return plan.send.compactMap { id in
            guard let notification = due.first(where: { $0.id == id }) else { return nil }
            inbox.begin(id, at: now)
            lanes[index].busy.insert(id)
            if receiver.limit != nil { lanes[index].taken[id] = now }
            return Job(lane: index, receiver: receiver, due: notification)
        }
    }

    /// - Parameter change: nil if nobody waited for the answer; it is delivered again by the next service.
    func end(_ job: Job, _ change: NotificationChange?) {
        lanes[job.lane].busy.remove(job.due.id)
        guard let change else { return }
        if case .delivered = change {} else { lanes[job.lane].taken[job.due.id] = nil }
        inbox.end(job.due.id, change)
    }

    private func noting<Result>(_ work: () throws -> Result) -> Result? {
        do {
            return try work()
        } catch {
            logger.warning("cannot read notifications: \(error)")
            return nil
        }
    }
}

extension DeliveryPlan.Due {
    init(_ due: DueNotification) {
        self.init(
            id: due.id, priority: AlertPriority(rawValue: due.priority) ?? .critical, isHeld: due.held,
            isDigest: due.event == nil)
    }
}
