import Ring
import Synchronization
import Telemetry
import Testing

@testable import Pipeline

@Suite("Sparkplug B through the intake")
struct SparkplugIntakeTests {
    private let channel = IntakeChannel(capacity: 65_536)
    private let ingestor: Ingestor
    private static let now: Milliseconds = 1_767_574_923_000

    init() throws {
        var wire = Wire(form: .sparkplug)
        wire.fields = [Wire.Field()]
        wire.fields[0].field = "v"
        let title = Title(vi: "", en: "")
        let level = Measurement(name: "level", title: title, unit: "m", kind: .gauge)
        let profile = DeviceProfile(
            domain: "test", name: "plc", title: title,
            topics: [try TopicTemplate("spBv1.0/g/{type}/{edge}/{device}")], cadence: Span.minute,
            measurements: [level], wire: wire, format: try wire.compile(for: [level]))
        let pump = Device(
            key: "pump", alias: "g/Edge A/Pump 3", profileIndex: 0, domain: "test", name: title, ward: "_",
            latitude: 0,
            longitude: 0, cadence: Span.minute)
        // Named as its key is, but for the capitals of its topics; the other speaks something else.
        let valve = Device(
            key: "valve", profileIndex: 0, domain: "test", name: title, ward: "_", latitude: 0, longitude: 0,
            cadence: Span.minute)
        var scalar = Wire(form: .scalar)
        scalar.fields = [Wire.Field()]
        let other = DeviceProfile(
            domain: "test", name: "gauge", title: title, topics: [try TopicTemplate("gauges/{device}")],
            cadence: Span.minute, measurements: [level], wire: scalar,
            format: try scalar.compile(for: [level]))
        let gauge = Device(
            key: "gauge", profileIndex: 1, domain: "test", name: title, ward: "_", latitude: 0, longitude: 0,
            cadence: Span.minute)
        ingestor = Ingestor(
            channel: channel,
            registry: Registry(profiles: [profile, other], devices: [pump, valve, gauge]),
            limits: DecodeLimits())
    }

    private func receive(_ topic: String, _ payload: [UInt8]) {
        Array("spBv1.0/\(topic)".utf8).withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes {
                ingestor.receive(
                    topic: topic, payload: $0, packet: 0, source: .mqttAtMostOnce, isRetained: false,
                    arrival: Self.now)
            }
        }
    }

    /// What became of the messages so far.
    private func outcomes() -> [MessageOutcome] {
        var outcomes: [MessageOutcome] = []
        channel.messages.take(upTo: 100) { outcomes += $0.map(\.outcome) }
        return outcomes
    }

    /// Number 0, no metrics.
    private let birth: [UInt8] = [0x18, 0x00]
    /// A metric with a name, an alias of 1 and an int_value of 5.
    private func value(_ name: String, _ sequence: UInt8) -> [UInt8] {
        let metric = [0x0A, UInt8(name.utf8.count)] + Array(name.utf8) + [0x10, 0x01, 0x50, 0x05]
        return [0x12, UInt8(metric.count)] + metric + [0x18, sequence]
    }

    @Test("what the devices' edge nodes say of themselves is subscribed to, too, and no commands are")
    func filters() {
        #expect(
            ingestor.filters == [
                "gauges/+", "spBv1.0/g/DBIRTH/+/+", "spBv1.0/g/DDATA/+/+", "spBv1.0/g/DDEATH/+/+",
                "spBv1.0/g/NBIRTH/+",
                "spBv1.0/g/NDATA/+", "spBv1.0/g/NDEATH/+",
            ])
    }

    @Test("a node outside of the fleet is followed for its device, which its alias names")
    func device() {
        receive("g/NBIRTH/Edge A", birth)
        receive("g/DBIRTH/Edge A/Pump 3", value("v", 1))
        receive("g/DDATA/Edge A/Pump 3", [0x12, 0x04, 0x10, 0x01, 0x50, 0x07, 0x18, 0x02])
        receive("g/DDATA/Edge A/Pump 3", [0x18, 0x03])
        receive("g/DBIRTH/Edge A/Stranger", value("v", 4))
        #expect(outcomes() == [.followed, .decoded, .decoded, .followed, .rejected(.unknownDevice)])
        var values: [Double] = []
        channel.readings.take(upTo: 100) { values += $0.map(\.value) }
        #expect(values == [5, 7])
    }

    @Test("a death takes the devices of the fleet along, and a lost connection makes every birth unknown")
    func deaths() {
        receive("g/NBIRTH/Edge A", birth)
        receive("g/DBIRTH/Edge A/Pump 3", value("v", 1))
        receive("g/NDEATH/Edge A", [])
        #expect(channel.takeDepartures(before: 2).isEmpty, "it is said in the third message")
        #expect(channel.takeDepartures(before: 3) == [Departure(device: DeviceID(0), at: Self.now)])
        receive("g/NBIRTH/Edge A", birth)
        receive("g/DBIRTH/Edge A/Pump 3", value("v", 1))
        ingestor.resume(history: [])
        receive("g/DDATA/Edge A/Pump 3", value("v", 2))
        #expect(outcomes().last == .rejected(.unborn))
        #expect(channel.takeWantedBirths() == [WantedBirths(group: "g", edge: "Edge A")])
    }

    @Test("births of messages that were stored before are taken up, and nothing else of them")
    func recalled() {
        for (topic, payload) in [
            ("g/NBIRTH/Edge A", birth), ("g/DBIRTH/Edge A/Pump 3", value("v", 1)),
        ] {
            Array(("spBv1.0/" + topic).utf8).withUnsafeBufferPointer { topic in
                payload.withUnsafeBytes { ingestor.recall(topic: topic, payload: $0, arrival: Self.now) }
            }
        }
        #expect(outcomes().isEmpty && channel.readings.available() == 0)
        receive("g/DDATA/Edge A/Pump 3", value("v", 2))
        #expect(outcomes() == [.decoded])
    }

    @Test("who is gone is found as its births are, and nobody who speaks something else goes with it")
    func departed() {
        receive("g/NBIRTH/Edge A", birth)
        receive("g/DBIRTH/Edge A/VALVE", value("v", 1))
        receive("g/DBIRTH/Edge A/gauge", value("v", 2))
        receive("g/NDEATH/Edge A", [])
        #expect(channel.takeDepartures(before: .max).map(\.device) == [DeviceID(1)])
    }

    @Test("more nodes than there may be are not asked, and counted")
    func bound() {
        channel.want((0..<5_000).map { WantedBirths(group: "g", edge: "\($0)") })
        let left = channel.unaskedBirths.load(ordering: .relaxed)
        #expect(left == Int64(5_000 - IntakeChannel.maximumWantedBirths))
        #expect(channel.takeWantedBirths().count == IntakeChannel.maximumWantedBirths)
    }
}
