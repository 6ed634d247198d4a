import DecodeWorkloads
import Pipeline
import Ring
import Telemetry

/// The way of a message from the broker's hands to the open windows, without threads and commits.
struct HotPath {
    private let workload: Workload
    private let topic: [UInt8]
    private let channel = IntakeChannel(capacity: 1 << 16)
    private let ingestor: Ingestor
    private var aggregator: Aggregator
    /// What came out of the ring.
    private(set) var readings = 0
    private(set) var sum = 0.0

    init(_ workload: Workload) throws {
        self.workload = workload
        topic = workload.spoken?.topic ?? Array("c/d-1/tele".utf8)
        let template = workload.spoken == nil ? "c/{device}/tele" : "spBv1.0/g/{type}/{edge}/{device}"
        let profile = DeviceProfile(
            domain: "test", name: workload.name, title: Title(vi: "Trạm", en: "Station"),
            topics: [try TopicTemplate(template)],
            cadence: Span.minute, measurements: workload.measurements, wire: workload.wire,
            format: workload.format)
        let device = Device(
            key: "d-1", profileIndex: 0, domain: "test", name: Title(vi: "Trạm", en: "Station"), ward: "w",
            latitude: 16.46, longitude: 107.59, cadence: Span.minute)
        let registry = Registry(profiles: [profile], devices: [device])
        ingestor = Ingestor(channel: channel, registry: registry, limits: DecodeLimits())
        aggregator = Aggregator(
            shapes: registry.shapes, zone: .utc, closedThrough: Workload.now - Span.hour)
        for birth in workload.spoken?.births ?? [] { receive(birth.topic, birth.payload) }
        _ = takeMessages()
    }

    /// Decodes the message and puts it into the ring.
    func receive() { receive(topic, workload.payload) }

    private func receive(_ topic: [UInt8], _ payload: [UInt8]) {
        topic.withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes { payload in
                ingestor.receive(
                    topic: topic, payload: payload, packet: 1, source: .mqttAtLeastOnce, isRetained: false,
                    arrival: Workload.now)
            }
        }
    }

    /// Takes everything out of the ring, into the windows.
    /// - Returns: whether a message was there that was decoded.
    mutating func take() -> Bool {
        let isDecoded = takeMessages()
        readings = 0
        sum = 0
        while channel.readings.available() > 0 {
            channel.readings.take(upTo: 1 << 12) {
                for reading in $0 {
                    aggregator.add(reading)
                    readings += 1
                    sum += reading.value
                }
            }
        }
        return isDecoded
    }

    private func takeMessages() -> Bool {
        var isDecoded = false
        while channel.messages.available() > 0 {
            channel.messages.take(upTo: 1 << 12) {
                for record in $0 { isDecoded = record.outcome == .decoded }
            }
        }
        return isDecoded
    }
}
