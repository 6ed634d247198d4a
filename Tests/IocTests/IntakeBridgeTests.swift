import Broker
import Logging
import Pipeline
import Store
import Telemetry
import TestSupport
import Testing

@testable import ioc

@Suite("From the broker to the intake")
struct IntakeBridgeTests {
    private let directory: TemporaryDirectory
    private let channel = IntakeChannel(capacity: 1 << 16)
    private let watch = BrokerWatch()
    private let bridge: IntakeBridge

    /// In its last life the service had everything up to 5 s, and the broker said it had dropped 100.
    init() throws {
        directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: ZoneOffsets(name: "UTC", fixedOffset: 0))
        let registry = try store.register(profiles: [], devices: [])
        var limits = DecodeLimits()
        limits.readings = 1_000
        bridge = IntakeBridge(
            channel: channel, ingestor: Ingestor(channel: channel, registry: registry, limits: limits),
            store: store, watch: watch,
            position: StoredPosition(at: 5_000, caughtUp: 5_000, brokerDrops: 100),
            logger: Logger(label: "test"))
    }

    @Test("of a session that was kept, what the broker dropped meanwhile is a gap with its number")
    func kept() {
        bridge.connected(sessionPresent: true)
        bridge.subscribed()
        bridge.brokerDropped(total: 140)
        let gaps = channel.takeGaps()
        #expect(
            gaps.map(\.kind) == [.brokerDropped] && gaps.map(\.count) == [40] && gaps.map(\.from) == [5_000])
    }

    @Test("of a lost session one gap says all: what the broker counted in it is not told again")
    func lost() {
        bridge.connected(sessionPresent: false)
        bridge.subscribed()
        bridge.brokerDropped(total: 140)
        let gaps = channel.takeGaps()
        #expect(gaps.map(\.kind) == [.sessionLost] && gaps.map(\.from) == [5_000])
        bridge.brokerDropped(total: 142)
        #expect(channel.takeGaps().map(\.count) == [2])
    }

    @Test("what the broker keeps from us is a fault of the connection, and nothing is received for certain")
    func refused() {
        bridge.connected(sessionPresent: true)
        bridge.subscriptionRefused(BrokerError(.refused, "may not read"))
        #expect(watch.current.isConnected && watch.current.fault == "may not read")
        bridge.echoed(9_000)
        bridge.connected(sessionPresent: false)
        bridge.subscribed()
        #expect(channel.takeGaps().map(\.from) == [5_000])
        #expect(watch.current.fault == nil)
    }

    @Test("a gap goes on until everything is subscribed, over connections that failed before")
    func unsubscribed() {
        bridge.connected(sessionPresent: false)
        bridge.disconnected(reason: "gone")
        bridge.connected(sessionPresent: true)
        #expect(channel.takeGaps().isEmpty)
        bridge.subscribed()
        #expect(channel.takeGaps().map(\.kind) == [.sessionLost])
    }
}
