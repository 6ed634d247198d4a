import Ring
import Synchronization
import Telemetry
import Testing

@testable import Pipeline

@Suite("Messages of several devices")
struct SharedTopicTests {
    private let channel = IntakeChannel(capacity: 65_536)
    private let ingestor: Ingestor
    private let sink = MemorySink()
    private let drain: Drain<MemorySink>
    private let registry: Registry
    private let counters = LiveCounters()

    /// Two gauges and a meter, which share the topic of a gateway.
    init() throws {
        func profile(_ name: String, _ field: String, sequence: String?) throws -> DeviceProfile {
            var wire = Wire(form: .json)
            wire.namesDevices = true
            wire.recordsField = "/data/*"
            wire.deviceField = "./id"
            wire.sequenceField = sequence
            wire.timeField = "./ts"
            wire.fields = [Wire.Field()]
            wire.fields[0].field = field
            let measurement = Measurement(
                name: name, title: Title(vi: name, en: name), unit: "1", kind: .gauge)
            return DeviceProfile(
                domain: name, name: name, title: Title(vi: name, en: name),
                topics: [try TopicTemplate("hub/{city}")],
                cadence: Span.minute, measurements: [measurement], wire: wire,
                format: try wire.compile(for: [measurement]))
        }
        func device(_ key: String, _ profile: Int) -> Device {
            Device(
                key: key, profileIndex: profile, domain: profile == 0 ? "level" : "power",
                name: Title(vi: key, en: key),
                ward: "_", latitude: 0, longitude: 0, cadence: Span.minute)
        }
        registry = Registry(
            profiles: [
                try profile("level", "./level", sequence: "/seq"),
                try profile("power", "./power", sequence: nil),
            ], devices: [device("g-1", 0), device("g-2", 0), device("m-1", 1)])
        ingestor = Ingestor(channel: channel, registry: registry, limits: DecodeLimits())
        let composer = BatchComposer(
            registry: registry, aggregator: Aggregator(shapes: registry.shapes, zone: .utc),
            engine: AlertEngine(rules: [], registry: registry, listeningSince: Plant.now), grace: 2_000)
        drain = Drain(
            channel: channel, store: sink, composer: composer, commands: CommandInbox(work: channel.work),
            counters: counters,
            surroundings: .init(now: { Plant.now }, ticks: { 0 }, committed: { _ in }, failed: { _, _ in }))
    }

    private func receive(
        _ payload: String, packet: UInt16 = 1, source: MessageSource = .mqttAtLeastOnce,
        isRetained: Bool = false
    ) {
        Array("hub/hue".utf8).withUnsafeBufferPointer { topic in
            Array(payload.utf8).withUnsafeBytes { payload in
                ingestor.receive(
                    topic: topic, payload: payload, packet: packet, source: source, isRetained: isRetained,
                    arrival: Plant.now)
            }
        }
    }

    private func record(_ device: String, _ field: String, _ value: Double, after: Milliseconds = 0) -> String
    {
        #"{"id":"\#(device)","ts":\#(Plant.now - 60_000 + after),"\#(field)":\#(value)}"#
    }

    private func message(_ sequence: Int, _ records: String...) -> String {
        #"{"seq":\#(sequence),"data":[\#(records.joined(separator: ","))]}"#
    }

    private var stored: [String] {
        sink.readings.map { reading in
            let series = registry.series[reading.series.index]!
            return "\(registry.devices[series.slot].key) \(reading.value)"
        }
    }

    @Test(
        "each device gets its readings, and the message is one: received once, stored once, acknowledged once"
    )
    func parts() {
        receive(
            message(1, record("g-1", "level", 1), record("m-1", "power", 9), record("g-2", "level", 2)),
            packet: 7)
        drain.step(now: Plant.now)
        #expect(stored == ["g-1 1.0", "g-2 2.0", "m-1 9.0"])
        #expect(sink.losses.received == 1)
        #expect(sink.losses.stored == 1)
        #expect(sink.losses.isBalanced)
        #expect(sink.batches.flatMap(\.acknowledgements).map(\.packet) == [7])
        #expect(sink.batches.flatMap(\.messages).map(\.device.index) == [0, 1, 2])
        #expect(sink.batches.flatMap(\.rejects).isEmpty)
    }

    @Test("records of one device are one part, however they lie: its number is no repeat of itself")
    func oneDeviceTwice() {
        receive(
            message(
                1, record("g-1", "level", 1), record("g-2", "level", 2),
                record("g-1", "level", 3, after: 1_000)))
        drain.step(now: Plant.now)
        #expect(stored == ["g-1 1.0", "g-1 3.0", "g-2 2.0"])
        #expect(sink.losses.duplicate == 0)
        #expect(sink.losses.duplicateReadings == 0)
    }

    @Test("a message sent again is one repeat; one with something new for one device is stored")
    func repeats() {
        receive(message(1, record("g-1", "level", 1), record("m-1", "power", 9)), packet: 1)
        receive(message(1, record("g-1", "level", 1), record("m-1", "power", 9)), packet: 2)
        receive(message(2, record("m-1", "power", 9), record("g-1", "level", 2, after: 1_000)), packet: 3)
        drain.step(now: Plant.now)
        #expect(stored == ["g-1 1.0", "m-1 9.0", "g-1 2.0"])
        #expect(sink.losses.received == 3)
        #expect(sink.losses.stored == 2)
        #expect(sink.losses.duplicate == 1)
        #expect(sink.losses.isBalanced)
    }

    @Test(
        "an unknown device and a fault leave the rest; the quarantine has the message once, with the first of them"
    )
    func partial() {
        receive(
            message(
                1, record("x-1", "level", 1), record("m-1", "power", 9), #"{"id":"g-1","ts":0,"level":1}"#))
        drain.step(now: Plant.now)
        #expect(stored == ["m-1 9.0"])
        #expect(sink.losses.stored == 1)
        #expect(sink.batches.flatMap(\.rejects).map(\.reason) == [.unknownDevice])
        let partial = counters.partial.load(ordering: .relaxed)
        #expect(partial == 1)
    }

    @Test("a message nobody can read anything of is refused with its fault, not with that of another profile")
    func refused() {
        receive(message(1, record("x-1", "level", 1)))
        receive(message(1, #"{"id":"m-1","ts":\#(Plant.now),"power":"x"}"#))
        receive("{")
        drain.step(now: Plant.now)
        #expect(stored.isEmpty)
        #expect(sink.losses.rejected == 3)
        #expect(sink.losses.isBalanced)
        #expect(sink.batches.flatMap(\.rejects).map(\.reason) == [.unknownDevice, .notANumber, .notJSON])
    }

    @Test("the parts of a message are stored in one transaction, wherever a batch would end")
    func batchEnd() {
        let full = Drain<MemorySink>.maximumBatch
        // Two parts each, and one message of one part before them: the batch would end between two parts.
        receive(message(0, record("g-1", "level", 1)), packet: 1)
        for index in 1..<(full / 2 + 4) where ingestor.hasRoom {
            receive(
                message(
                    index, record("g-1", "level", 1, after: Milliseconds(index)),
                    record("g-2", "level", 2, after: Milliseconds(index))), packet: UInt16(index % 60_000 + 1)
            )
        }
        while drain.step(now: Plant.now) {}
        for batch in sink.batches {
            let devices = batch.messages.map(\.device.index)
            #expect(devices.count { $0 == 1 } == batch.acknowledgements.count - (devices.count % 2))
        }
        #expect(sink.losses.received == sink.losses.stored)
        #expect(sink.losses.received == Int64(sink.batches.flatMap(\.acknowledgements).count))
    }

    @Test("without room a message of QoS 0 is dropped whole")
    func dropped() {
        while ingestor.hasRoom { receive(message(1, record("g-1", "level", 1)), source: .mqttAtMostOnce) }
        let small = channel.readings.room()
        let records = (0...small).map { record("g-2", "level", 1, after: Milliseconds($0)) }
        receive(#"{"seq":2,"data":[\#(records.joined(separator: ","))]}"#, source: .mqttAtMostOnce)
        while drain.step(now: Plant.now) {}
        #expect(sink.losses.isBalanced)
        #expect(!stored.contains { $0.hasPrefix("g-2") } || sink.losses.dropped == 0)
    }
}
