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
        // Says that it is not while only this connection of its two stands.
        let isOnline = try service.wait(for: "STATE") {
            edge.heard("spBv1.0/STATE/ioc").flatMap { $0.contains("true") ? $0 : nil }
        }
        #expect(isOnline.hasPrefix(#"{"online":true,"timestamp":"#))

        // Somebody says in our name that we are gone: the birth is said again, the same.
        let gone = #"{"online":false,"timestamp":1}"#
        edge.say("spBv1.0/STATE/ioc", gone)
        let states = try service.wait(for: "the birth again") {
            edge.all("spBv1.0/STATE/ioc").suffix(2) == [gone, isOnline] ? edge.all("spBv1.0/STATE/ioc") : nil
        }
        #expect(states.last == isOnline)

        // Aliases of a birth nobody saw: quarantined, and the node is asked for it.
        try edge.publish("DDATA/Edge A/Cistern", 7, level(3))
        let request = try service.wait(for: "NCMD") { edge.heard("spBv1.0/Garden 1/NCMD/Edge A") }
        #expect(request.contains("Node Control/Rebirth"))
        try edge.publish("NBIRTH/Edge A", 0, session)
        try edge.publish(
            "DBIRTH/Edge A/Cistern", 1, level(1.25, isBirth: true),
            Metric("Tank/Colour", alias: 2, type: 10, .double(1)))
        try edge.publish("DDATA/Edge A/Cistern", 2, level(2.5))
        // Nothing of ours has changed: a sign of life.
        try edge.publish("DDATA/Edge A/Cistern", 3, Metric(alias: 2, .double(2)))
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
        try edge.publish("NDEATH/Edge A", nil, session)
        let silent = try service.wait(for: "silence") { try freshness(reader) == "silent" ? true : nil }
        #expect(silent)

        // Another connection is another session, with a time of its own in birth and will.
        try service.broker.restart()
        let next = try service.wait(for: "the next birth") {
            edge.heard("spBv1.0/STATE/ioc").flatMap { $0.contains("true") && $0 != isOnline ? $0 : nil }
        }
        #expect(next.hasPrefix(#"{"online":true,"timestamp":"#))
        #expect(service.stop())
        let state = try service.wait(for: "the goodbye") {
            edge.heard("spBv1.0/STATE/ioc").flatMap { $0.contains("false") ? $0 : nil }
        }
        #expect(state.hasPrefix(#"{"online":false,"timestamp":"#))
        #expect(try reader.losses().filter { $0.source != "own" }.reduce(0) { $0 + $1.received } == 6)
        #expect(try reader.losses().filter { $0.source != "own" }.reduce(0) { $0 + $1.stored } == 5)
    }

    private func freshness(_ reader: StoreReader) throws -> String? {
        try reader.devices().first { $0.device == "cistern-1" }?.freshness
    }

    // MARK: Payloads

    private typealias Metric = SparkplugWriter.Metric

    /// Says which session of the node begins or ends.
    private let session = SparkplugWriter.birthNumber(4)

    /// `Tank/Level`: by its alias alone, or as a birth says it.
    private func level(_ value: Double, isBirth: Bool = false) -> Metric {
        Metric(
            isBirth ? "Tank/Level" : nil, alias: 1, time: UInt64(now) + UInt64(value * 1_000) - 60_000,
            type: isBirth ? 10 : nil, .double(value))
    }

    // MARK: The edge node

    /// What an edge node hears: the payloads of each topic.
    private final class Ear: IntakeHandler, Sendable {
        private let messages = Mutex<[String: [String]]>([:])
        private let isDone = Atomic<Bool>(false)

        func all(_ topic: String) -> [String] { messages.withLock { $0[topic] ?? [] } }

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
            messages.withLock { $0[topic, default: []].append(payload) }
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

        func all(_ topic: String) -> [String] { ear.all(topic) }

        func heard(_ topic: String) -> String? { ear.all(topic).last }

        /// As any client may, retained.
        func say(_ topic: String, _ payload: String) {
            voice.publish(topic: topic, payload: Array(payload.utf8), qos: 1, retain: true)
        }

        /// - Parameter sequence: nil in a death of the node, which has none.
        func publish(_ topic: String, _ sequence: UInt64?, _ metrics: SparkplugWriter.Metric...) throws {
            let parts = topic.split(separator: "/", maxSplits: 1)
            let payload = SparkplugWriter.payload(sequence: sequence, metrics)
            let id = voice.publish(
                topic: "spBv1.0/Garden 1/\(parts[0])/\(parts[1])", payload: payload, qos: 1, retain: false)
            try #require(id != nil && voice.waitUntilDone(milliseconds: 30_000))
        }
    }
}
