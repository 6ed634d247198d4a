import Foundation
import Store
import Telemetry

/// What the demo has to show at its end, and whether it did: its exit code counts in CI.
struct DemoResult {
    let directory: String

    /// - Throws: `ServiceFault` if something is missing or unaccounted for.
    func report(_ sent: SimulationSnapshot) throws {
        let reader = try StoreReader(directory: directory)
        let sum = LossCounters(try reader.losses())
        let rollups = try Tier.allCases.map { "\(try reader.rollupCount($0)) of \($0.name)" }.joined(
            separator: ", ")
        let events = try reader.lastAlertEvent()
        print(
            "\(sent.acknowledged) messages acknowledged by the broker, \(sum.stored) stored, \(sum.dropped) dropped"
        )
        print("rollups: \(rollups); alert transitions: \(events); everything is in \(directory)")
        guard sum.isBalanced else { throw ServiceFault("\(sum.unaccounted) messages are unaccounted for") }
        guard sum.stored > 0, try reader.rollupCount(.minute) > 0 else {
            throw ServiceFault("nothing was stored; see \(directory)/broker/mosquitto.log")
        }
    }
}
