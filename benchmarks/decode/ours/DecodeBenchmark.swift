import AllocationCount
import Glibc
import Telemetry

/// Decodes messages of each format one after the other. Says readings and bytes a second, and how often memory was asked
/// for: once per reading would be a fault, and ends with exit code 1, as does a value that is not what was meant.
@main
struct DecodeBenchmark {
    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 20_000
        print("format          readings/s    MB/s   ns/reading   allocations/message")
        var isSound = true
        for workload in try Workload.all() { isSound = run(workload, rounds: rounds) && isSound }
        if !isSound { exit(1) }
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
        let elapsed = ContinuousClock.now - start
        let allocations = Double(allocation_count() - before) / Double(rounds)
        let nanoseconds =
            Double(elapsed.components.attoseconds) / 1e9 + Double(elapsed.components.seconds) * 1e9
        let readings = Double(rounds * workload.readings)
        let columns = [
            pad("\(Int(readings / nanoseconds * 1e9))", 12),
            pad(rounded(Double(rounds * workload.payload.count) / nanoseconds * 1e3, 1), 7),
            pad(rounded(nanoseconds / readings, 1), 12), pad(rounded(allocations, 2), 21),
        ]
        print(workload.name + String(repeating: " ", count: 14 - workload.name.utf8.count) + columns.joined())
        return allocations < 1
    }

    @inline(never)
    private static func decode(_ workload: Workload, _ scratch: DecodeScratch) -> (count: Int, sum: Double) {
        if let (host, topic) = workload.spoken, !Workload.follow(host, topic, workload.payload) {
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

    private static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }

    private static func rounded(_ number: Double, _ places: Int) -> String {
        let power = places == 1 ? 10.0 : 100.0
        let whole = Int((number * power).rounded())
        let fraction = "\(whole % Int(power))"
        return "\(whole / Int(power))." + String(repeating: "0", count: places - fraction.utf8.count)
            + fraction
    }
}
