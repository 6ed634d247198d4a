import Catalog
import Console
import Foundation
import Pipeline
import Store
import Synchronization
import Telemetry

/// What `/api/v1/status` and `/metrics` say of the running service.
struct StatusSource: Sendable {
    let settings: Settings
    let started: Milliseconds
    let store: Store
    let plane: DataPlane
    let rates: RateMeter
    let writer: WriterCounters
    let compactor: CompactorCounters
    let gatherer: Gatherer
    let log: LogBound
    let console: ConsoleCounters
    let reloads: Reloads
    let consoleLimits = ConsoleLimits()
    /// What the configuration has and the service leaves out.
    let excess: [Excess]
    /// Those that have devices, in order.
    let domains: [String]
    let views = ConsoleViews()
    private let devices = DeviceCounts()

    func answer() throws -> StatusAnswer {
        let reader = store.reader
        let counters = plane.counters
        let broker = plane.watch.current
        let rates = rates.rates
        let commitTimes = commitTimes
        return StatusAnswer(
            version: version, startedMs: started, nowMs: SystemClock.now(),
            broker: .init(
                address: settings.broker.address, isConnected: broker.isConnected,
                fault: broker.fault),
            safeUpToMs: counters.safeUpTo.load(ordering: .relaxed), messagesPerSecond: rates.messages,
            readingsPerSecond: rates.readings, commits: counters.commits.load(ordering: .relaxed),
            failedCommits: counters.failedCommits.load(ordering: .relaxed),
            lastCommitMs: Double(commitTimes.last) / 1_000,
            longestCommitMs: Double(commitTimes.longest) / 1_000,
            storageFault: plane.storageFault.current,
            devices: try devices.counts(reader, at: SystemClock.ticks()),
            openAlerts: try reader.openCounts(ConsoleScope()).priorities,
            losses: try reader.losses(),
            gaps: try reader.gaps(), databaseBytes: databaseBytes, walBytes: log.bytes,
            rejectedByReason: Dictionary(
                uniqueKeysWithValues: rejections.map { ($0.key.rawValue, $0.value) }), limits: limits(),
            notifications: try reader.notificationCounts(since: SystemClock.now() - Span.day),
            reload: reloads.last,
            floods: try views.floods(in: domains, reader, at: SystemClock.now()))
    }

    var commitTimes: CommitTimes { plane.counters.commitTimes.withLock { $0 } }

    var rejections: [RejectionReason: Int64] { plane.counters.rejections.withLock { $0 } }

    private var databaseBytes: Int64 {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: Store.path(in: settings.data.directory))
        return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    }
}
