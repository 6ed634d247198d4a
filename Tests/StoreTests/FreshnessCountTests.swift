import GRDB
import TestSupport
import Testing

@testable import Store
@testable import Telemetry

@Suite("Devices counted by freshness")
struct FreshnessCountTests {
    /// Devices in use whose last message is so many hours ago, at a cadence of an hour; nil for none.
    private func store(_ directory: TemporaryDirectory, quiet: [Int64?]) throws -> Store {
        let store = try Store(directory: directory.path, zone: .utc)
        let profile = DeviceProfile(
            domain: "test", name: "gauge", title: Title(vi: "", en: ""),
            topics: [try TopicTemplate("t/{device}")],
            cadence: Span.hour,
            measurements: [
                Measurement(name: "level", title: Title(vi: "Mức", en: "Level"), unit: "m", kind: .gauge)
            ],
            wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
        let devices = quiet.indices.map { index in
            Device(
                key: "d\(index)", profileIndex: 0, domain: "test", name: Title(vi: "", en: ""),
                ward: "kim-long",
                latitude: 16.4, longitude: 107.5, cadence: Span.hour)
        }
        let registry = try store.register(profiles: [profile], devices: devices)
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 100, quarantineBytes: 1 << 20)
        let now = try #require(
            try store.pool.read { try Int64.fetchOne($0, sql: "SELECT unixepoch() * 1000") })
        var batch = Batch()
        var checkpoint = Checkpoint()
        for (id, hours) in zip(registry.deviceIDs, quiet) {
            guard let hours else { continue }
            var state = DeviceState()
            state.lastSeen = now - hours * Span.hour - Span.minute
            checkpoint.devices.append((id, state))
        }
        batch.at = now
        batch.checkpoint = checkpoint
        try writer.write(batch)
        return store
    }

    @Test("are as many of each word as there are in the list")
    func counts() throws {
        let directory = try TemporaryDirectory()
        let store = try store(directory, quiet: [0, 1, 1, 2, 3, 5, nil, nil])
        defer { try? store.close() }
        let counts = try store.reader.freshnessCounts()
        #expect(counts == ["fresh": 3, "late": 1, "silent": 2, "never-reported": 2])
        let listed = Dictionary(grouping: try store.reader.devices(), by: \.freshness).mapValues(\.count)
        #expect(counts == listed)
    }

    @Test("are none in an empty city")
    func none() throws {
        let directory = try TemporaryDirectory()
        let store = try store(directory, quiet: [])
        defer { try? store.close() }
        #expect(try store.reader.freshnessCounts().isEmpty)
    }
}
