import Logging
import ServiceLifecycle
import Store
import Telemetry

/// Deletes what need not be kept any longer, in small steps between the commits of the intake.
struct Housekeeping: Service {
    let store: Store
    let raw: Milliseconds
    let rollups: [Tier: Milliseconds]
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let deleted = try purge()
                // With much to delete a little every 200 ms, else once a minute.
                try? await Task.sleep(for: deleted > 0 ? .milliseconds(200) : .seconds(60))
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
}
