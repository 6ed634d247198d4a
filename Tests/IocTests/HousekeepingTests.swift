import Logging
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import ioc

@Suite("Housekeeping")
struct HousekeepingTests {
    @Test("rewrites the journal of hours that are over, and deletes what is too old, while the service runs")
    func works() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: .utc)
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 10, quarantineRows: 10, quarantineBytes: 1_000)
        let now = SystemClock.now()
        // One of last week, then some of an hour that is over.
        let times = [now - 7 * Span.day] + (0..<5).map { now - 3 * Span.hour - now % Span.hour + $0 }
        for time in times {
            var batch = Batch()
            batch.at = time
            batch.closedThrough = now - Span.minute
            batch.readings = [Reading(series: SeriesID(1), time: time, value: 1)]
            batch.checkpoint = Checkpoint()
            try writer.write(batch)
        }
        let compactor = Compactor(store: store)
        let housekeeping = Housekeeping(
            store: store, compactor: compactor, gatherer: Gatherer(store: store), raw: Span.day, rollups: [:],
            logger: ServiceLog.make(label: "test"))
        let work = Task { try await housekeeping.run() }
        while compactor.counters.rows.load(ordering: .relaxed) < 5 {
            try await Task.sleep(for: .milliseconds(5))
        }
        work.cancel()
        try await work.value
        var told: [Milliseconds] = []
        try store.reader.forEachCommit(in: 0..<(.max)) { _, readings, _ in told += readings.map(\.time) }
        #expect(told == Array(times.dropFirst()))
        #expect(compactor.counters.readings.load(ordering: .relaxed) == 5)
    }
}
