import Catalog
import Pipeline
import ServiceLifecycle
import Store
import Telemetry

/// Once a minute the service reports of itself, as a device would.
struct SelfReport: Service {
    let channel: IntakeChannel
    let series: SeriesID
    let directory: String

    /// - Parameter registry: of a catalog that is `selfMonitored`.
    init(_ registry: Registry, channel: IntakeChannel, directory: String) {
        guard let slot = registry.slot(ofKey: SelfMonitoring.name) else {
            preconditionFailure("the registry lacks the service itself")
        }
        series = registry.seriesIDs[slot][0]
        self.channel = channel
        self.directory = directory
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let setAside = SetAside.all(in: directory).count
                channel.report([Reading(series: series, time: SystemClock.now(), value: Double(setAside))])
                try? await Task.sleep(for: .milliseconds(SelfMonitoring.cadence))
            }
        }
    }
}
