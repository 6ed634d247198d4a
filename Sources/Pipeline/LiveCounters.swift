package import Synchronization
package import Telemetry

/// What the running service has done since it started. Written by the drain thread only, read by anybody.
package final class LiveCounters: Sendable {
    package let received = Atomic<Int64>(0)
    package let stored = Atomic<Int64>(0)
    package let rejected = Atomic<Int64>(0)
    /// The same by reason; locked once a batch at most.
    package let rejections = Mutex<[RejectionReason: Int64]>([:])
    /// Messages stored though parts of them were refused.
    package let partial = Atomic<Int64>(0)
    package let duplicate = Atomic<Int64>(0)
    package let dropped = Atomic<Int64>(0)
    package let late = Atomic<Int64>(0)
    package let readings = Atomic<Int64>(0)
    package let rollups = Atomic<Int64>(0)
    /// Open minutes besides the newest of each series.
    package let openWindows = Atomic<Int64>(0)
    package let windowsClosedEarly = Atomic<Int64>(0)
    package let alertEvents = Atomic<Int64>(0)
    /// Messages to receivers outside.
    package let notificationsQueued = Atomic<Int64>(0)
    package let notificationsDelivered = Atomic<Int64>(0)
    package let notificationAttemptsFailed = Atomic<Int64>(0)
    package let notificationsFailed = Atomic<Int64>(0)
    package let notificationsDigested = Atomic<Int64>(0)
    /// Of these, because too many waited.
    package let notificationsCrowded = Atomic<Int64>(0)
    package let commits = Atomic<Int64>(0)
    package let failedCommits = Atomic<Int64>(0)
    /// Everything that arrived up to this moment is durable.
    package let safeUpTo = Atomic<Milliseconds>(0)
    /// Locked once a commit.
    package let commitTimes = Mutex(CommitTimes())

    package init() {}

    func add(_ batch: borrowing Batch, commitMicroseconds: Int64) {
        var sum = LossCounters()
        for counters in batch.losses.values { sum += counters }
        received.add(sum.received, ordering: .relaxed)
        stored.add(sum.stored, ordering: .relaxed)
        rejected.add(sum.rejected, ordering: .relaxed)
        if !batch.rejections.isEmpty {
            let more = batch.rejections
            rejections.withLock { $0.merge(more, uniquingKeysWith: +) }
        }
        partial.add(batch.partialMessages, ordering: .relaxed)
        duplicate.add(sum.duplicate, ordering: .relaxed)
        dropped.add(sum.dropped, ordering: .relaxed)
        late.add(sum.late, ordering: .relaxed)
        readings.add(sum.readings, ordering: .relaxed)
        rollups.add(Int64(batch.rollups.count + batch.amendments.count), ordering: .relaxed)
        alertEvents.add(Int64(batch.alertEvents.count), ordering: .relaxed)
        notificationsQueued.add(Int64(batch.notifications.count), ordering: .relaxed)
        for change in batch.notificationChanges { add(change) }
        commits.add(1, ordering: .relaxed)
        commitTimes.withLock { $0.add(commitMicroseconds) }
    }

    private func add(_ change: NotificationChange) {
        switch change {
        case .delivered: notificationsDelivered.add(1, ordering: .relaxed)
        case .retry: notificationAttemptsFailed.add(1, ordering: .relaxed)
        case .failed:
            notificationAttemptsFailed.add(1, ordering: .relaxed)
            notificationsFailed.add(1, ordering: .relaxed)
        case .folded(let ids, _, _, let why):
            notificationsDigested.add(Int64(ids.count), ordering: .relaxed)
            if why == .crowd { notificationsCrowded.add(Int64(ids.count), ordering: .relaxed) }
        case .sent, .postponed, .held: break
        }
    }
}
