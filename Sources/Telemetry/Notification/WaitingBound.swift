/// How many messages may wait for one receiver; beyond it some become one message, so that nothing is untold.
package struct WaitingBound: Sendable, Equatable {
    package var most: Int
    /// So many stay: below `most`, for there is one message for many and not one for each.
    package var kept: Int

    package init(most: Int, kept: Int) {
        self.most = most
        self.kept = kept
    }

    /// Four attempts at once that nobody answers within 30 s are 11 520 in a day, after which a message has failed: what is
    /// beyond would not be tried once.
    package static let standard = WaitingBound(most: 10_000, kept: 9_000)

    /// Those that give way: of the least priority, and of these the oldest. What tells of several stays.
    package func excess(of waiting: [DeliveryPlan.Due]) -> [DeliveryPlan.Due] {
        guard waiting.count > most else { return [] }
        let single = waiting.filter { !$0.isDigest }
            .sorted { ($0.priority.rank, $0.id) < ($1.priority.rank, $1.id) }
        return Array(single.prefix(waiting.count - kept))
    }

    /// What to do so that those to `receiver` are no more than they may be; nil if nothing.
    package func relief(of waiting: [DeliveryPlan.Due], to receiver: String) -> NotificationChange? {
        let excess = excess(of: waiting)
        guard let most = excess.map(\.priority).max() else { return nil }
        return .folded(excess.map(\.id), receiver: receiver, priority: most, why: .crowd)
    }
}
