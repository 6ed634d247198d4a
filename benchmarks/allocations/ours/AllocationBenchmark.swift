import AllocationCount
import DecodeWorkloads
import Glibc

/// How often memory is asked for by a message of each format: between the broker's hands and the ring, and between the ring
/// and the open windows. Prints one JSON object a format; exit code 1 if it is once, or if a value is not what was meant.
@main
struct AllocationBenchmark {
    private static let messages = 100

    static func main() throws {
        var isRight = true
        for workload in try Workload.all() { isRight = try measure(workload) && isRight }
        if !isRight { exit(1) }
    }

    private static func measure(_ workload: Workload) throws -> Bool {
        var path = try HotPath(workload)
        // What is made once, as windows and the entry of the topic, is not counted.
        for _ in 0..<10 {
            path.receive()
            guard path.take(), path.readings == workload.readings, abs(path.sum - workload.sum) < 1e-6 else {
                print("\(workload.name): \(path.readings) readings, sum \(path.sum) for \(workload.sum)")
                return false
            }
        }
        var intake = 0
        var aggregation = 0
        for _ in 0..<messages {
            let before = allocation_count()
            path.receive()
            let between = allocation_count()
            _ = path.take()
            aggregation += allocation_count() - between
            intake += between - before
        }
        print(
            "{\"name\": \"\(workload.name)\", \"readings\": \(workload.readings), \"messages\": \(messages), "
                + "\"intake\": \(intake), \"aggregation\": \(aggregation)}")
        return intake == 0 && aggregation == 0
    }
}
