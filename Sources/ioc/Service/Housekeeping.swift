import Logging
import Pipeline
import ServiceLifecycle
import Store
import Telemetry

/// Deletes what need not be kept any longer, and rewrites what is kept to be short, in small steps between the commits of the
/// intake.
struct Housekeeping: Service {
    let store: Store
    let compactor: Compactor
    let raw: Milliseconds
    let rollups: [Tier: Milliseconds]
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let deleted = try purge()
                let isCompacting = try await compact()
                let isBusy = deleted > 0 || isCompacting
                // With much to do a little every 200 ms, else once a minute.
                try? await Task.sleep(for: isBusy ? .milliseconds(200) : .seconds(60))
            }
        }
    }

    /// - Throws: what ends the service.
    private func purge() throws -> Int {
        do {
            return try store.purge(now: SystemClock.now(), raw: raw, rollups: rollups)
        } catch let error as StoreError where error.needsNewStart {
            throw error
        } catch {
            logger.warning("cannot delete old rows: \(error)")
            return 0
        }
    }

    /// On a thread of its own: what takes a quarter of a second must not stand in the way of those who answer operators.
    /// - Returns: whether there may be more to rewrite.
    /// - Throws: what ends the service.
    private func compact() async throws -> Bool {
        do {
            let compactor = compactor
            let step = try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Compactor.Step, any Error>) in
                let thread = PlainThread {
                    continuation.resume(with: Result { try compactor.step(now: SystemClock.now()) })
                }
                thread.detach()
            }
            if case .unreadable(let id) = step {
                logger.error(
                    "journal block \(id) cannot be read and stays as it is; restore a backup to have its readings"
                )
            }
            return step != .nothing
        } catch let error as StoreError where error.needsNewStart {
            throw error
        } catch {
            logger.warning("cannot rewrite the journal: \(error)")
            return false
        }
    }
}
