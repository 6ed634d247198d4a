import Synchronization
import Telemetry

@testable import Pipeline

/// Ingestor, ring, drain and a sink in memory, worked by hand on one thread with a clock of its own.
final class Plant {
    static let now: Milliseconds = 1_767_574_923_000
    let channel = IntakeChannel(capacity: 65_536)
    let ingestor: Ingestor
    let sink = MemorySink()
    let drain: Drain<MemorySink>
    let commands: CommandInbox
    let counters = LiveCounters()
    let registry: Registry

    init(
        rules: [AlertRule] = [], limits: DecodeLimits = DecodeLimits(), openWindows: Int = .max,
        ticks: @escaping () -> Int64 = { 0 }
    ) throws {
        registry = try Self.registry()
        ingestor = Ingestor(channel: channel, registry: registry, limits: limits)
        commands = CommandInbox(work: channel.work)
        let composer = BatchComposer(
            registry: registry,
            aggregator: Aggregator(shapes: registry.shapes, zone: .utc, openWindows: openWindows),
            engine: AlertEngine(rules: rules, registry: registry, listeningSince: Self.now), grace: 2_000)
        drain = Drain(
            channel: channel, store: sink, composer: composer, commands: commands, counters: counters,
            surroundings: .init(now: { Plant.now }, ticks: ticks, committed: { _ in }, failed: { _, _ in }))
    }

    /// Five devices: one that numbers its messages, one that sends a bare number, one that gives times alone, one that
    /// sends packs, one that sends lines which stand for themselves.
    static func registry() throws -> Registry {
        var plan = RecordPlan()
        plan.messageSlots = 3
        plan.time = .init(index: 0, isInRecord: false)
        plan.sequence = .init(index: 1, isInRecord: false)
        var column = RecordPlan.Column(value: .init(index: 2, isInRecord: false))
        column.low = 0
        column.high = 100
        plan.columns = [column]
        var paths = JSONPathTree.Builder()
        paths.add(["ts"], slot: .init(index: 0, isInRecord: false))
        paths.add(["seq"], slot: .init(index: 1, isInRecord: false))
        paths.add(["v"], slot: .init(index: 2, isInRecord: false))
        plan.paths = paths.build()
        var scalar = RecordPlan()
        scalar.messageSlots = 1
        scalar.columns = [RecordPlan.Column(value: .init(index: 0, isInRecord: false))]
        var packs = Wire(form: .senml)
        packs.fields = [Wire.Field()]
        let level = Measurement(name: "level", title: Title(vi: "Mức", en: "Level"), unit: "m", kind: .gauge)
        func profile(_ name: String, _ topic: String, _ format: PayloadFormat) throws -> DeviceProfile {
            DeviceProfile(
                domain: "test", name: name, title: Title(vi: name, en: name),
                topics: [try TopicTemplate(topic)],
                cadence: Span.minute, measurements: [level], wire: Wire(form: .json), format: format)
        }
        var unnumbered = plan
        unnumbered.sequence = nil
        var lines = Wire(form: .lineProtocol)
        lines.deviceField = "dev"
        lines.fields = [Wire.Field()]
        lines.fields[0].field = "v"
        func device(_ key: String, _ profile: Int) -> Device {
            Device(
                key: key, profileIndex: profile, domain: "test", name: Title(vi: key, en: key), ward: "_",
                latitude: 0,
                longitude: 0, cadence: Span.minute)
        }
        return Registry(
            profiles: [
                try profile("numbered", "t/{device}/json", .json(Kept(plan))),
                try profile("bare", "t/{device}/raw", .scalar(Kept(scalar))),
                try profile("unnumbered", "t/{device}/plain", .json(Kept(unnumbered))),
                try profile("packed", "t/{device}/pack", try packs.compile(for: [level])),
                try profile("lines", "t/{device}/lines", try lines.compile(for: [level])),
            ], devices: [device("a", 0), device("b", 1), device("c", 2), device("d", 3), device("e", 4)])
    }

    func receive(
        _ topic: String, _ payload: String, packet: UInt16 = 1, source: MessageSource = .mqttAtLeastOnce,
        isRetained: Bool = false, arrival: Milliseconds = Plant.now
    ) {
        Array(topic.utf8).withUnsafeBufferPointer { topic in
            Array(payload.utf8).withUnsafeBytes { payload in
                ingestor.receive(
                    topic: topic, payload: payload, packet: packet, source: source, isRetained: isRetained,
                    arrival: arrival)
            }
        }
    }

    func unnumbered(time: Milliseconds) -> String { "{\"ts\":\(time),\"v\":1.5}" }

    func message(_ sequence: Int, _ value: String = "1.5", time: Milliseconds = Plant.now) -> String {
        "{\"ts\":\(time),\"seq\":\(sequence),\"v\":\(value)}"
    }
}
