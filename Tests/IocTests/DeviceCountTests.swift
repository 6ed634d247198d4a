import Store
import Telemetry
import TestSupport
import Testing

@testable import ioc

@Suite("Devices counted for the status page")
struct DeviceCountTests {
    @Test("are counted once a second however often they are asked for")
    func memory() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: .utc)
        defer { try? store.close() }
        let counts = DeviceCounts()
        func counted(at ticks: Int64) throws -> [String: Int] { try counts.counts(store.reader, at: ticks) }
        #expect(try counted(at: 5) == [:])
        let profile = DeviceProfile(
            domain: "test", name: "gauge", title: Title(vi: "", en: ""),
            topics: [try TopicTemplate("t/{device}")], cadence: Span.hour, measurements: [],
            wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
        let device = Device(
            key: "d", profileIndex: 0, domain: "test", name: Title(vi: "", en: ""), ward: "kim-long",
            latitude: 16.4, longitude: 107.5, cadence: Span.hour)
        _ = try store.register(profiles: [profile], devices: [device])
        #expect(try counted(at: 1_000_004) == [:])
        #expect(try counted(at: 1_000_005) == ["never-reported": 1])
    }
}
