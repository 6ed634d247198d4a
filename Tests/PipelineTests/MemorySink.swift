import Synchronization
import Telemetry

/// A sink that keeps what it is given, and fails as often as it is told to.
final class MemorySink: Sink {
    struct Full: Error {}

    private(set) var batches: [Batch] = []
    var failuresLeft = 0
    private(set) var failures = 0

    func write(_ batch: borrowing Batch) throws {
        if failuresLeft > 0 {
            failuresLeft -= 1
            failures += 1
            throw Full()
        }
        batches.append(copy batch)
    }

    var readings: [Reading] { batches.flatMap(\.readings) }

    var losses: LossCounters {
        batches.flatMap { $0.losses.values }.reduce(into: LossCounters()) { $0 += $1 }
    }
}
