import Glibc

/// The same readings with more and more rules beside them, in turn, several rounds: what rules cost. Ends with exit code 1 if
/// rollups differ or alerts are not as many as the readings have in them; times are reported only.
///
///     RulesBenchmark [ROUNDS] [memory|stored]        default 5 rounds of both
@main
struct RulesBenchmark {
    /// Of the ingest rate with the largest set, in per cent.
    private static let goal = 10.0
    private static let sets = [
        RuleSet.none, RuleSet("1 000", tag: "hundredth"), RuleSet("10 000", tag: "tenth"),
        RuleSet("100 000", tag: "all"),
    ]

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let rounds = arguments.first.flatMap { Int($0) } ?? 5
        let city = City(devices: 10_000, minutes: 20)
        print("\(city.devices) devices of 4 series, \(city.minutes) minutes, \(rounds) rounds")
        let traffic = Traffic(city)
        if !arguments.contains("stored") {
            let composed = try measure(sets, city, rounds, traffic.inMemory)
            show(
                "composed in memory", sets, composed.map { $0.map { Double($0.readings) / $0.drainSeconds } })
        }
        if arguments.contains("memory") { return }
        // Each run to the disk takes about twenty seconds: only none and the most.
        let extremes = [sets[0], sets[sets.count - 1]]
        let stored = try measure(extremes, city, rounds, traffic.stored)
        show(
            "composed and committed", extremes,
            stored.map { $0.map { Double($0.readings) / $0.drainSeconds } })
        let loss = show(
            "decoded, composed and committed", extremes,
            stored.map { $0.map { Double($0.readings) / $0.seconds } })
        print(
            "\ngoal: with 100 000 instances the ingest rate is down by at most \(Int(goal)) %: \(tenths(loss)) %, "
                + (loss <= goal ? "met" : "not met"))
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
                        "\(set.name) rules: \(result.rollups) rollups of \(first?.rollups ?? 0), \(result.transitions) transitions of \(wanted)"
                    )
                    exit(1)
                }
                results[index].append(result)
            }
        }
        return results
    }

    /// - Returns: what the last set takes of the rate, in per cent.
    @discardableResult
    private static func show(_ title: String, _ sets: [RuleSet], _ rates: [[Double]]) -> Double {
        print("\n\(title)\n    rules     readings/s    least     most   of 0 rules")
        let bare = median(rates[0])
        for (set, rates) in zip(sets, rates) {
            let columns = [
                pad(set.name, 9), pad("\(Int(median(rates)))", 15), pad("\(Int(rates.min()!))", 9),
                pad("\(Int(rates.max()!))", 9), pad("\(tenths(100 * median(rates) / bare)) %", 13),
            ]
            print(columns.joined())
        }
        return 100 - 100 * median(rates.last!) / bare
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.utf8.count)) + text
    }
}
