import Foundation
import Telemetry

/// One line on the terminal's error stream that says how far a simulation is; silent in a pipe.
struct SimulationProgress {
    private let simulation: GatewaySimulation
    private let isShown = isatty(STDERR_FILENO) == 1

    init(_ simulation: GatewaySimulation) { self.simulation = simulation }

    /// Returns when the time is over or somebody interrupts.
    func show(until interrupts: Interrupts, duration: Double?) async {
        let end = duration.map { SystemClock.ticks() + Int64($0 * 1_000_000) } ?? .max
        var nextLine = SystemClock.ticks()
        while !interrupts.isWanted, SystemClock.ticks() < end {
            if isShown, SystemClock.ticks() >= nextLine {
                nextLine += 1_000_000
                write("\r" + Self.line(simulation.snapshot()) + "\u{1B}[K")
            }
            let rest = min(end - SystemClock.ticks(), 100_000)
            try? await Task.sleep(for: .microseconds(max(rest, 0)))
        }
        if isShown { write("\r\u{1B}[K") }
    }

    private static func line(_ snapshot: SimulationSnapshot) -> String {
        "\(snapshot.sent) sent · \(snapshot.acknowledged) acknowledged · \(Int(snapshot.perSecond.rounded())) a second"
    }

    /// What became of all messages.
    static func summary(_ snapshot: SimulationSnapshot, qos: Int32, ledger: String?) -> String {
        var parts = ["\(snapshot.sent) messages sent"]
        if qos == 1 {
            parts.append("\(snapshot.acknowledged) acknowledged")
            if snapshot.outstanding > 0 { parts.append("\(snapshot.outstanding) without an answer") }
        }
        if snapshot.refused > 0 { parts.append("\(snapshot.refused) refused by the broker") }
        if snapshot.lost > 0 { parts.append("\(snapshot.lost) lost with a connection") }
        if let ledger { parts.append("ledger in \(ledger)") }
        return parts.joined(separator: ", ")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
