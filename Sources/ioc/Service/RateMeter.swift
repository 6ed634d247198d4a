import Pipeline
import ServiceLifecycle
import Synchronization
import Telemetry

/// Messages and readings a second over the last ten seconds, from the live counters.
final class RateMeter: Service {
    private struct Sample {
        var ticks: Int64
        var messages: Int64
        var readings: Int64
    }

    private static let seconds = 10
    private let counters: LiveCounters
    private let samples = Mutex<[Sample]>([])

    init(counters: LiveCounters) { self.counters = counters }

    var rates: (messages: Double, readings: Double) {
        samples.withLock { samples in
            guard let first = samples.first, let last = samples.last, last.ticks > first.ticks else {
                return (0, 0)
            }
            let seconds = Double(last.ticks - first.ticks) / 1_000_000
            return (
                Double(last.messages - first.messages) / seconds,
                Double(last.readings - first.readings) / seconds
            )
        }
    }

    func sample() {
        let sample = Sample(
            ticks: SystemClock.ticks(), messages: counters.received.load(ordering: .relaxed),
            readings: counters.readings.load(ordering: .relaxed))
        samples.withLock { samples in
            samples.append(sample)
            if samples.count > Self.seconds + 1 { samples.removeFirst() }
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.sample()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
