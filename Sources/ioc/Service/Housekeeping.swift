import Logging
import Pipeline
import ServiceLifecycle
import Store
import Telemetry

/// Deletes what need not be kept any longer, moves windows to where they are read, and rewrites what is kept to be short, in
/// small steps between the commits of the intake.
struct Housekeeping: Service {
    let store: Store
    let compactor: Compactor
    let gatherer: Gatherer
    let raw: Milliseconds
    let rollups: [Tier: Milliseconds]
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var isBusy = false
                for work in [purge, gather, compact] where try await step(work) { isBusy = true }
                // With much to do a little every 200 ms, else once a minute.
                try? await Task.sleep(for: isBusy ? .milliseconds(200) : .seconds(60))
            }
        }
    }

    /// On a thread of its own: what takes a quarter of a second must not stand in the way of those who answer operators.
    /// - Returns: whether there may be more to do.
    /// - Throws: what ends the service; the rest is tried again.
    private func step(_ work: @escaping @Sendable () throws -> Bool) async throws -> Bool {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                PlainThread { continuation.resume(with: Result(catching: work)) }.detach()
            }
        } catch let error as StoreError where error.needsNewStart {
            throw error
        } catch {
            logger.warning("housekeeping of the database waits: \(error)")
            return false
        }
    }

    @Sendable private func purge() throws -> Bool {
        try store.purge(now: SystemClock.now(), raw: raw, rollups: rollups) > 0
    }

    @Sendable private func gather() throws -> Bool { try gatherer.step() }

    @Sendable private func compact() throws -> Bool {
        let step = try compactor.step(now: SystemClock.now())
        if case .unreadable(let id) = step {
            logger.error(
                "journal block \(id) cannot be read and stays as it is; restore a backup to have its readings"
            )
        }
        return step != .nothing
    }
}
