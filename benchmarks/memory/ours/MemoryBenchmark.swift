import Glibc
import Telemetry

/// What series cost in memory and in time. Prints one JSON object.
///
///     MemoryBenchmark resident|cost|close SERIES
@main
struct MemoryBenchmark {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let series = Int(arguments[2]) else {
            print("usage: MemoryBenchmark resident|cost|close SERIES")
            exit(64)
        }
        switch arguments[1] {
        case "resident": resident(series)
        case "cost": cost(series)
        default: close(series)
        }
    }

    /// Every series has an open window at every tier; what a commit was given is gone again.
    private static func resident(_ series: Int) {
        let before = residentBytes()
        var core = Core(series: series)
        var rollups = 0
        for minute in 0..<75 {
            let time = Core.start + Milliseconds(minute) * Span.minute + 5_000
            // One reading a series at the beginning and the end, that every tier has one.
            if minute == 0 || minute == 73 || minute == 74 { core.sweep(at: time) }
            rollups += core.finish(at: time).rollups.count
        }
        let bytes = Double(residentBytes() - before) / Double(series)
        print(
            "{\"bytes_per_series\": \(bytes), \"windows_closed\": \(rollups), \"series\": \(core.devices * 4)}"
        )
    }

    /// Ten sweeps of all series, a commit's worth of at most 40 000 readings at a time.
    private static func cost(_ series: Int) {
        var core = Core(series: series)
        let sweeps = max(3, 4_000_000 / series)
        var sum = 0
        core.sweep(at: Core.start)
        _ = core.finish(at: Core.start)
        let start = ContinuousClock.now
        for sweep in 1...sweeps {
            let time = Core.start + Milliseconds(sweep) * 10_000
            core.sweep(at: time)
            sum += core.finish(at: time).readings.count
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        precondition(sum == sweeps * series, "every reading is in a batch")
        print("{\"nanoseconds_per_reading\": \(seconds * 1e9 / Double(sum)), \"hash\": \"\(sum)\"}")
    }

    /// A minute of all series ends: the time until their rollups are there.
    private static func close(_ series: Int) {
        let shapes = [SeriesShape?](repeating: SeriesShape(kind: .gauge), count: series)
        var aggregator = Aggregator(shapes: shapes, zone: .utc, closedThrough: Core.start)
        for index in 0..<series {
            aggregator.add(
                Reading(series: SeriesID(UInt32(index)), time: Core.start + 1_000, value: Double(index)))
        }
        let start = ContinuousClock.now
        let rollups = aggregator.close(through: Core.start + Span.minute)
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        let sum = rollups.reduce(0.0) { $0 + $1.accumulator.sum }
        precondition(
            rollups.count == series && sum == Double(series) * Double(series - 1) / 2, "all are closed")
        print("{\"milliseconds\": \(milliseconds)}")
    }

    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        fgets(&line, 128, file)
        let pages = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(
            separator: " ")
        return Int(pages[1])! * sysconf(Int32(_SC_PAGESIZE))
    }
}
