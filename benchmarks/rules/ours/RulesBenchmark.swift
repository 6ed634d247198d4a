import Glibc

/// The same readings with more and more rules beside them, in turn, several rounds: what rules cost. Prints a JSON object of
/// each stage and set of rules. Ends with exit code 1 if rollups differ or alerts are not as many as the readings have in them.
///
///     RulesBenchmark ROUNDS DEVICES [memory]        memory: nothing is committed
@main
struct RulesBenchmark {
    private static let sets = [
        RuleSet.none, RuleSet("0.1", tag: "hundredth"), RuleSet("1", tag: "tenth"), RuleSet("10", tag: "all"),
    ]

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.compactMap { Int($0) }
        guard numbers.count == 2 else {
            print("usage: RulesBenchmark ROUNDS DEVICES [memory]")
            exit(64)
        }
        let city = City(devices: numbers[1], minutes: 20)
        let traffic = Traffic(city)
        let composed = try measure(sets, city, numbers[0], traffic.inMemory)
        show("composed in memory", sets, composed) { $0.drainSeconds }
        if arguments.contains("memory") { return }
        // Each run to the disk takes about twenty seconds: only none and the most.
        let extremes = [sets[0], sets[sets.count - 1]]
        let stored = try measure(extremes, city, numbers[0], traffic.stored)
        show("composed and committed", extremes, stored) { $0.drainSeconds }
        show("decoded, composed and committed", extremes, stored) { $0.seconds }
    }

    /// - Returns: by set, the runs of all rounds.
    private static func measure(
        _ sets: [RuleSet], _ city: City, _ rounds: Int, _ run: (RuleSet) throws -> RunResult
    ) throws -> [[RunResult]] {
        var results = [[RunResult]](repeating: [], count: sets.count)
        var first: RunResult?
        for _ in 0..<rounds {
            for (index, set) in sets.enumerated() {
                let result = try run(set)
                let wanted = set.rules.isEmpty ? 0 : city.troubledDevices * RuleSet.transitionsPerDevice
                first = first ?? result
                guard result.hash == first?.hash, result.rollups > 0, result.transitions == wanted else {
                    print(
                        "\(set.name) rules a device: \(result.rollups) rollups of \(first?.rollups ?? 0), \(result.transitions) transitions of \(wanted)"
                    )
                    exit(1)
                }
                results[index].append(result)
            }
        }
        return results
    }

    private static func show(
        _ stage: String, _ sets: [RuleSet], _ runs: [[RunResult]], seconds: (RunResult) -> Double
    ) {
        for (set, runs) in zip(sets, runs) {
            let rates = runs.map { Double($0.readings) / seconds($0) }
            print("{\"stage\": \"\(stage)\", \"rules_per_device\": \(set.name), \"rates\": \(rates)}")
        }
    }
}
