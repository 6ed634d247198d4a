import Foundation
import Pipeline
import Store
import Telemetry

/// The messages of a city, made once, and what can be done with them.
struct Traffic {
    struct Message {
        let device: Int
        let bytes: Range<Int>
        let time: Milliseconds
    }

    /// Messages of a commit: what comes in a second at full rate, in which the state of a device is written down once.
    private static let batch = 10_000

    private let city: City
    private let topics: [[UInt8]]
    private var payloads: [UInt8] = []
    private var messages: [Message] = []

    init(_ city: City) {
        self.city = city
        topics = (0..<city.devices).map { Array("test/d-\($0)".utf8) }
        messages.reserveCapacity(city.messages)
        payloads.reserveCapacity(city.messages * 80)
        for step in 0..<city.steps {
            for device in 0..<city.devices where !city.isSilent(device, at: step) { add(device, step) }
        }
    }

    private mutating func add(_ device: Int, _ step: Int) {
        let time = city.time(device, at: step)
        let start = payloads.count
        payloads += "{\"ts\":\(time),\"seq\":\(step)".utf8
        for (measurement, name) in City.measurements.enumerated() {
            let tenths = city.tenths(device, measurement, at: step)
            payloads += ",\"\(name)\":\(tenths / 10).\(tenths % 10)".utf8
        }
        payloads.append(UInt8(ascii: "}"))
        messages.append(Message(device: device, bytes: start..<payloads.count, time: time))
    }

    func topic(_ message: Message) -> [UInt8] { topics[message.device] }

    func payload(_ message: Message) -> ArraySlice<UInt8> { payloads[message.bytes] }

    func forEachBatch(_ body: (ArraySlice<Message>) throws -> Void) rethrows {
        for first in stride(from: 0, to: messages.count, by: Self.batch) {
            try body(messages[first..<min(first + Self.batch, messages.count)])
        }
    }

    // MARK: Runs

    /// Nothing is stored: what the storing end does is to compose.
    func inMemory(_ rules: RuleSet) throws -> RunResult {
        let sink = RollupSink()
        let registry = Registry(profiles: [try City.profile()], devices: city.fleet())
        var result = try Line(sink, registry, rules).ingest(self)
        var hasher = Hasher()
        for rollup in sink.rollups { rollup.feed(&hasher) }
        result.rollups = sink.rollups.count
        result.hash = hasher.finalize()
        return result
    }

    private final class RollupSink: Sink {
        var rollups: [Rollup] = []
        func write(_ batch: borrowing Batch) { rollups.append(contentsOf: batch.rollups) }
    }

    /// Everything is stored in a database of its own.
    func stored(_ rules: RuleSet) throws -> RunResult {
        let process = ProcessInfo.processInfo.processIdentifier
        let directory = FileManager.default.temporaryDirectory.path + "/rules-benchmark-\(process)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(directory: directory, zone: .utc)
        let registry = try store.register(
            profiles: [try City.profile()], devices: city.fleet(), rules: rules.rules)
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 262_144, quarantineRows: 10_000, quarantineBytes: 16 << 20)
        var result = try Line(writer, registry, rules).ingest(self)
        var hasher = Hasher()
        try store.forEachRollup(.minute, from: 0) {
            result.rollups += 1
            $0.feed(&hasher)
        }
        result.hash = hasher.finalize()
        try store.close()
        return result
    }
}
