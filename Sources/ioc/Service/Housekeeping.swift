import Logging
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
                let isBusy = try [purge() > 0, compact()].contains(true)
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

    /// - Returns: whether there may be more to rewrite.
    /// - Throws: what ends the service.
    private func compact() throws -> Bool {
        do {
            let step = try compactor.step(now: SystemClock.now())
            if case .unreadable(let id) = step {
                logger.error("journal block \(id) cannot be read and stays as it is; restore a backup to have its readings")
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
