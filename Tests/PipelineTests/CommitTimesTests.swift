import Synchronization
import Telemetry
import Testing

@testable import Pipeline

@Suite("Durations of transactions")
struct CommitTimesTests {
    @Test("are counted between bounds, a bound itself below it; the longest stays, the last does not")
    func bounds() {
        var times = CommitTimes()
        for microseconds: Int64 in [0, 1_000, 1_001, 30_000, 11_000_000, 7] { times.add(microseconds) }
        #expect(times.counts == [3, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
        #expect(times.sum == 11_032_008)
        #expect(times.longest == 11_000_000)
        #expect(times.last == 7)
    }

    @Test("are those of the batches that were stored, by the clock of the drain")
    func batches() throws {
        var ticks: Int64 = 0
        // Each look at the clock is a millisecond later than the one before.
        let plant = try Plant(ticks: {
            ticks += 1_000
            return ticks
        })
        for number in 0..<3 {
            plant.receive("t/a/json", plant.message(number))
            plant.drain.step(now: Plant.now)
        }
        let times = plant.counters.commitTimes.withLock { $0 }
        #expect(times.counts.reduce(0, +) == plant.counters.commits.load(ordering: .relaxed))
        #expect(times.sum == 3_000)
        #expect(times.longest == 1_000)
    }
}
