import Foundation
import TestSupport

/// A stage, a load, and one fault after the other; then everything is counted.
struct Round {
    struct Outcome: CustomStringConvertible {
        var seed: UInt64
        var faults: [Fault: Int] = [:]
        var messages = 0
        var duplicates = 0
        var malformed = 0
        var readings = 0
        var windows = 0
        var alerts = 0
        var lostToBroker = 0
        var findings: [String] = []
        /// Each fault with its time, in milliseconds UTC.
        var trace: [String] = []

        /// For whoever looks for the cause.
        var report: String {
            ([description] + findings.prefix(20).map { "  " + $0 } + trace).joined(separator: "\n")
        }

        var kills: Int { faults.filter(\.key.isKill).values.reduce(0, +) }
        var others: Int { faults.values.reduce(0, +) - kills }

        var description: String {
            "seed \(seed): \(kills) kills, \(others) other faults; \(messages) acknowledged (\(duplicates) repeats, \(malformed) "
                + "malformed), \(readings) readings, \(windows) windows compared, \(alerts) alerts, "
                + "\(lostToBroker) readings lost by the broker; \(findings.count) findings"
        }
    }

    let seed: UInt64
    let faults: [Fault]
    /// Messages a second.
    let rate: Int

    /// - Throws: when the service does not come back after a fault; wrong figures are in the outcome.
    func run() throws -> Outcome {
        do {
            return try play()
        } catch {
            throw Failure("FAULTS_SEED=\(seed): \(error)")
        }
    }

    private func play() throws -> Outcome {
        var random = SeededGenerator(seed: seed)
        let stage = try Stage(usesSmallDisk: Bool.random(using: &random))
        let malformed = ["0.01", "0.01", "0.5"].randomElement(using: &random)!
        _ = try stage.waitUntilCaughtUp()
        let gateways = try stage.gateways(
            [
                "--rate", "\(rate)", "--seed", "\(seed >> 1)", "--duplicates", "0.02", "--late", "0.03",
                "--out-of-order", "0.02", "--retained", "0.2", "--malformed", malformed, "--trouble", "20",
            ], ledger: stage.ledger)
        defer { gateways.signal(SIGKILL) }
        try stage.waitForProgress(after: "the start")
        var losses: [BrokerLoss] = []
        var trace: [String] = []
        for fault in faults {
            let begin = Stage.now()
            if let loss = try stage.apply(fault, &random) { losses.append(loss) }
            try stage.waitForProgress(after: fault.rawValue)
            trace.append("\(begin)…\(Stage.now()) \(fault)")
        }
        gateways.signal(SIGINT)
        guard gateways.waitForExit(milliseconds: 120_000) == 0 else {
            throw Failure("the gateways did not end")
        }
        try close(stage)
        var outcome = try judge(stage, losses)
        outcome.trace = trace
        return outcome
    }

    /// Everything taken in, and every window closed: three days on.
    private func close(_ stage: Stage) throws {
        // A half-open connection is quiet, too: what was sent last must have come.
        _ = try stage.waitUntilCaughtUp()
        try stage.waitUntilQuiet()
        stage.control.clockOffset = 3 * 86_400_000
        usleep(1_000_000)
        try stage.stopService()
        stage.closeReader()
    }

    private func judge(_ stage: Stage, _ losses: [BrokerLoss]) throws -> Outcome {
        var entries = try LedgerEntry.read(stage.ledger)
        if stage.bursts > 0 {
            for burst in 1...stage.bursts { entries += try LedgerEntry.read(stage.burstLedger(burst)) }
        }
        let ledger = Ledger(entries, losses: losses)
        let stored = try StoredData(directory: stage.data)
        let judge = Judge(
            ledger: ledger, stored: stored, losses: losses,
            gatewaysRepeated: faults.contains { $0 == .brokerRestart || $0 == .brokerKill },
            probes: stage.probes)
        return Outcome(
            seed: seed, faults: Dictionary(faults.map { ($0, 1) }, uniquingKeysWith: +),
            messages: ledger.messages, duplicates: ledger.duplicates, malformed: ledger.malformed,
            readings: stored.readings.values.reduce(0) { $0 + $1.count }, windows: judge.comparedWindows,
            alerts: stored.alerts, lostToBroker: judge.lostToBroker, findings: judge.faults)
    }
}
