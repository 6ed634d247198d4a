import Foundation
import TestSupport
import Testing

@Suite("Faults", .serialized)
struct FaultTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// Each kind of fault that takes no long waiting, once.
    @Test("every acknowledged message is counted exactly once, whatever fails")
    func everyFault() throws {
        let seed = UInt64(Self.environment["FAULTS_SEED"] ?? "") ?? .random(in: 1...1_000_000)
        var random = SeededGenerator(seed: seed)
        let faults = Fault.allCases.filter { $0 != .halfOpen && $0 != .blackHole }.shuffled(using: &random)
        let outcome = try Round(seed: seed, faults: faults, rate: 600).run()
        #expect(outcome.messages > 2_000, "\(outcome)")
        #expect(
            outcome.findings.isEmpty, "\(outcome.report)")
    }

    /// `make faults`: rounds of twenty faults each for FAULTS_SECONDS, each with its own seed.
    @Test("the campaign", .enabled(if: environment["FAULTS_SECONDS"] != nil))
    func campaign() throws {
        let seconds = Double(Self.environment["FAULTS_SECONDS"] ?? "") ?? 600
        let first = UInt64(Self.environment["FAULTS_SEED"] ?? "") ?? .random(in: 1...1_000_000)
        let end = Date(timeIntervalSinceNow: seconds)
        var outcomes: [Round.Outcome] = []
        repeat {
            let seed = first + UInt64(outcomes.count)
            var random = SeededGenerator(seed: seed)
            let faults = (0..<20).map { _ in Fault.any(&random) }
            let outcome = try Round(seed: seed, faults: faults, rate: 1_500).run()
            print(outcome.findings.isEmpty ? outcome.description : outcome.report)
            #expect(outcome.findings.isEmpty, "\(outcome)")
            outcomes.append(outcome)
        } while Date() < end
        Self.summarize(outcomes)
    }

    private static func summarize(_ outcomes: [Round.Outcome]) {
        var faults: [Fault: Int] = [:]
        for outcome in outcomes { faults.merge(outcome.faults, uniquingKeysWith: +) }
        for fault in Fault.allCases { print("\(fault.rawValue): \(faults[fault] ?? 0)") }
        let messages = outcomes.reduce(0) { $0 + $1.messages }
        let kills = outcomes.reduce(0) { $0 + $1.kills }
        let others = outcomes.reduce(0) { $0 + $1.others }
        let windows = outcomes.reduce(0) { $0 + $1.windows }
        let findings = outcomes.reduce(0) { $0 + $1.findings.count }
        print(
            "\(outcomes.count) rounds from seed \(outcomes.first?.seed ?? 0): \(kills) kills, \(others) other faults, "
                + "\(messages) acknowledged messages, \(windows) windows compared, \(findings) findings")
    }
}
