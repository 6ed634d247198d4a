import Broker
import Foundation
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import ioc

/// The service as a host of Sparkplug B, with a real broker and an edge node that listens to it.
@Suite("Host of Sparkplug B on a broker")
struct SparkplugServiceTests {
    private let now = Milliseconds(Date().timeIntervalSince1970 * 1_000)

    @Test("data before a birth is asked for again, aliased data is stored, and a death is seen at once")
    func host() throws {
        let service = try GardenService()
        let edge = try Edge(service.broker)
        let isOnline = try service.wait(for: "STATE") { edge.heard("spBv1.0/STATE/ioc") }
        #expect(isOnline.hasPrefix(#"{"online":true,"timestamp":"#))

        // Aliases of a birth nobody saw: quarantined, and the node is asked for it.
        try edge.publish("DDATA/Edge A/Cistern", 7, number(1, 3.0, alias: true))
        let request = try service.wait(for: "NCMD") { edge.heard("spBv1.0/Garden 1/NCMD/Edge A") }
        #expect(request.contains("Node Control/Rebirth"))
        try edge.publish("NBIRTH/Edge A", 0, metric("bdSeq", 11, 4))
        try edge.publish("DBIRTH/Edge A/Cistern", 1, number(1, 1.25, alias: false))
        try edge.publish("DDATA/Edge A/Cistern", 2, number(1, 2.5, alias: true))
        let reader = try service.reader()
        let values = try service.wait(for: "two readings") { () -> [Double]? in
            let found = try reader.readings(
                "cistern-1/level", from: now - Span.hour, to: now + Span.hour, limit: 9)
            return found.count == 2 ? found.map(\.value) : nil
        }
        #expect(Set(values) == [1.25, 2.5])
        #expect(try reader.rejects().map(\.reason) == ["unborn"])
        let isFresh = try service.wait(for: "a sign of life") {
            try freshness(reader) == "fresh" ? true : nil
        }
        #expect(isFresh)

        // The will of the session that lives takes its devices along.
        try edge.publish("NDEATH/Edge A", nil, metric("bdSeq", 11, 4))
        let gone = try service.wait(for: "silence") { try freshness(reader) == "silent" ? true : nil }
        #expect(gone)
        #expect(service.stop())
        let state = try service.wait(for: "the goodbye") {
            edge.heard("spBv1.0/STATE/ioc").flatMap { $0.contains("false") ? $0 : nil }
        }
        #expect(state.hasPrefix(#"{"online":false,"timestamp":"#))
        #expect(try reader.losses().filter { $0.source != "own" }.reduce(0) { $0 + $1.received } == 5)
        #expect(try reader.losses().filter { $0.source != "own" }.reduce(0) { $0 + $1.stored } == 4)
    }

    private func freshness(_ reader: StoreReader) throws -> String? {
        try reader.devices().first { $0.device == "cistern-1" }?.freshness
    }

    // MARK: Payloads, by the encoding guide of protocol buffers

    private func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127 | 128)] + varint(value >> 7)
    }

    private func bytes(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(content.count)) + content
    }

    private func metric(_ name: String, _ field: UInt64, _ value: UInt64) -> [UInt8] {
        bytes(2, bytes(1, Array(name.utf8)) + varint(field << 3) + varint(value))
    }

    /// `Tank/Level` as a double: by its alias alone, or as a birth says it.
    private func number(_ number: UInt64, _ value: Double, alias: Bool) -> [UInt8] {
        let named = alias ? [] : bytes(1, Array("Tank/Level".utf8)) + varint(4 << 3) + varint(10)
        let time = UInt64(now) + UInt64(value * 1_000)
        let bits = (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
        return bytes(
            2,
            named + varint(2 << 3) + varint(number) + varint(3 << 3) + varint(time - 60_000)
                + varint(13 << 3 | 1) + bits)
    }

    // MARK: The edge node

    /// What an edge node hears: the newest payload of each topic.
    private final class Ear: IntakeHandler, Sendable {
        private let messages = Mutex<[String: String]>([:])
        private let isDone = Atomic<Bool>(false)

        func heard(_ topic: String) -> String? { messages.withLock { $0[topic] } }

        func end() { isDone.store(true, ordering: .relaxed) }

        func connected(sessionPresent: Bool) {}
        func disconnected(reason: String) {}
        var hasRoom: Bool { true }
        func settle() -> Settlement { .durable }
        func brokerDropped(total: UInt64) {}
        func idle() -> Bool { !isDone.load(ordering: .relaxed) }

        func receive(_ message: borrowing IncomingMessage) {
            let topic = String(decoding: message.topic, as: UTF8.self)
            let payload = String(decoding: message.payload, as: UTF8.self)
            messages.withLock { $0[topic] = payload }
        }
    }

    private final class Edge {
        private let ear = Ear()
        private let voice: PublishClient

        init(_ broker: MosquittoServer) throws {
            func settings(_ client: String, _ filters: [String]) -> BrokerSettings {
                BrokerSettings(
                    port: broker.port, clientID: client, username: "gateway", password: "gateway-secret",
                    subscriptions: filters)
            }
            let listening = HandedOver(
                try IntakeClient(
                    settings: settings("edge-ear", ["spBv1.0/STATE/+", "spBv1.0/Garden 1/NCMD/Edge A"]),
                    handler: ear))
            Thread.detachNewThread { listening.value.run() }
            voice = try PublishClient(settings: settings("edge", []), onAcknowledged: nil)
            try voice.connect(timeoutSeconds: 30)
        }

        deinit {
            ear.end()
            voice.close()
        }

        func heard(_ topic: String) -> String? { ear.heard(topic) }

        /// - Parameter sequence: nil in a death of the node, which has none.
        func publish(_ topic: String, _ sequence: UInt8?, _ metrics: [UInt8]) throws {
            let parts = topic.split(separator: "/", maxSplits: 1)
            let payload = metrics + (sequence.map { [0x18, $0] } ?? [])
            let id = voice.publish(
                topic: "spBv1.0/Garden 1/\(parts[0])/\(parts[1])", payload: payload, qos: 1, retain: false)
            try #require(id != nil && voice.waitUntilDone(milliseconds: 30_000))
        }
    }
}
