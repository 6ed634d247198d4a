import AllocationCount
import DecodeWorkloads
import Glibc
import Telemetry

/// Decodes messages of one format one after the other. Prints readings and bytes a second, and how often memory was asked
/// for: once would be a fault, and ends with exit code 1, as does a value that is not what was meant.
///
///     DecodeBenchmark NAME READINGS            rounds enough for so many readings
///     DecodeBenchmark NAME payload             the message itself, for another reader
///     DecodeBenchmark names
@main
struct DecodeBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        let workloads = try Workload.all()
        guard arguments.count == 3, let workload = workloads.first(where: { $0.name == arguments[1] }) else {
            for workload in workloads { print("{\"name\": \"\(workload.name)\"}") }
            return
        }
        guard let readings = Int(arguments[2]) else {
            print(String(decoding: workload.payload, as: UTF8.self), terminator: "")
            return
        }
        if !run(workload, rounds: max(1, readings / workload.readings)) { exit(1) }
    }

    private static func run(_ workload: Workload, rounds: Int) -> Bool {
        let scratch = DecodeScratch(limits: DecodeLimits())
        var result = (count: 0, sum: 0.0)
        scratch.sparkplug = workload.spoken?.host
        // What is made once, as room for unusual payloads, is not counted.
        for _ in 0..<10 { result = decode(workload, scratch) }
        guard result.count == workload.readings, abs(result.sum - workload.sum) < 1e-6 else {
            print(
                "\(workload.name): \(result.count) readings of \(workload.readings), sum \(result.sum) for \(workload.sum)"
            )
            return false
        }
        let before = allocation_count()
        let start = ContinuousClock.now
        for _ in 0..<rounds { result.count += decode(workload, scratch).count }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let allocations = Double(allocation_count() - before) / Double(rounds)
        let times = scratch.decoded.reduce(0) { $0 &+ $1.time }
        print(
            "{\"readings_per_second\": \(Double(rounds * workload.readings) / seconds), "
                + "\"bytes_per_second\": \(Double(rounds * workload.payload.count) / seconds), "
                + "\"allocations\": \(allocations), \"hash\": \"\(workload.readings) \(result.sum.bitPattern) \(times)\"}"
        )
        guard allocations == 0 else {
            print("\(workload.name): \(allocations) allocations a message, there may be none")
            return false
        }
        return true
    }

    @inline(never)
    private static func decode(_ workload: Workload, _ scratch: DecodeScratch) -> (count: Int, sum: Double) {
        if let spoken = workload.spoken, !Workload.follow(spoken.host, spoken.topic, workload.payload) {
            print("\(workload.name): the host does not follow")
            return (0, 0)
        }
        var message = DecodedMessage()
        let device: StaticString = "d-1"
        let name = UnsafeBufferPointer(start: device.utf8Start, count: device.utf8CodeUnitCount)
        let rejection = workload.payload.withUnsafeBytes {
            workload.format.decode($0, device: name, now: Workload.now, into: scratch, &message)
        }
        if let rejection {
            print("\(workload.name): \(rejection)")
            return (0, 0)
        }
        var sum = 0.0
        for reading in scratch.decoded { sum += reading.value }
        return (scratch.decoded.count, sum)
    }
}
