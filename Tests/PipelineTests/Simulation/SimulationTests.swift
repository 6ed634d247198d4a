import Glibc
import Testing

/// Runs by the environment:
/// - `SIMULATION_SEEDS`: how many seeds, default 1200.
/// - `SIMULATION_FIRST_SEED`: the first; otherwise half of the seeds begin at 1 and half at a random one, which is printed.
/// - `SIMULATION_TRACE=1`: prints what happened in each run.
/// - `SIMULATION_STEPS`: ends each run after so many steps.
@Suite("Simulation")
struct SimulationTests {
    private func setting(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    @Test("keeps every promise in every order of messages, crashes and clocks that a seed can think of")
    func simulation() {
        let count = setting("SIMULATION_SEEDS") ?? 1_200
        if let first = setting("SIMULATION_FIRST_SEED") {
            run(first..<first + count)
        } else {
            let random = UInt64.random(in: 1 << 20..<1 << 40)
            print("simulation: seeds 1 to \(count / 2), then from \(random)")
            run(1..<1 + count / 2)
            run(random..<random + count - count / 2)
        }
    }

    private func run(_ seeds: Range<UInt64>) {
        let isTracing = setting("SIMULATION_TRACE") != nil
        let steps = setting("SIMULATION_STEPS").map(Int.init) ?? .max
        let clock = ContinuousClock()
        let start = clock.now
        var messages = 0
        var restarts = 0
        var failures = 0
        for seed in seeds {
            let run = SimulatedRun(seed: seed, isTracing: isTracing)
            run.run(steps: steps)
            messages += run.messages
            restarts += run.restarts
            for line in run.trace { print(line) }
            if let fault = run.fault {
                failures += 1
                Issue.record(
                    "seed \(seed): \(fault)\nagain: SIMULATION_FIRST_SEED=\(seed) SIMULATION_SEEDS=1 SIMULATION_TRACE=1"
                )
                if failures == 5 { return }
            }
            let done = seed - seeds.lowerBound + 1
            if done % 5_000 == 0 || (done == UInt64(seeds.count) && done >= 5_000) {
                let seconds = Double((clock.now - start) / .milliseconds(1)) / 1_000
                print(
                    "simulation: \(done) of \(seeds.count) seeds, \(Int(Double(done) / seconds * 60)) a minute, "
                        + "\(messages) messages, \(restarts) restarts")
            }
        }
    }
}
