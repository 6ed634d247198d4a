import Broker
import Logging
import Pipeline
import ServiceLifecycle
import Synchronization
import Telemetry

/// What a host of Sparkplug B says: that it is there, so that edge nodes send, and which of them must say their births again.
struct SparkplugHostService: Service {
    let settings: BrokerSettings
    /// Our name among the hosts; nil says no state.
    let host: String?
    let channel: IntakeChannel
    let watch: BrokerWatch
    let logger: Logger

    /// How soon a birth is asked for.
    private static let pause = Duration.milliseconds(100)

    func run() async throws {
        let state = HostState()
        var settings = settings
        // Where we hear of ourselves: somebody's old will may come after our birth.
        settings.subscriptions = host.map { [SparkplugCommand.stateTopic(host: $0)] } ?? []
        let client = try PublishClient(
            settings: settings, onAcknowledged: nil, will: host.map { state.will(of: $0) },
            onReceived: { state.hear($0.payload) })
        defer { client.close() }
        // Only starts the client: it goes on trying by itself, and nobody here may block.
        try? client.connect(timeoutSeconds: 0)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                say(client, state)
                ask(client)
                try? await Task.sleep(for: Self.pause)
            }
        }
        if client.state.phase == .connected { publish(false, client, state) }
    }

    /// Says whether values are taken in: not that this connection lives, but that the intake's does.
    private func say(_ client: PublishClient, _ state: HostState) {
        // The broker says the will when it loses us.
        guard client.state.phase == .connected else { return }
        let isOnline = watch.current.isConnected
        if state.mustSay(isOnline) { publish(isOnline, client, state) }
    }

    private func publish(_ isOnline: Bool, _ client: PublishClient, _ state: HostState) {
        guard let host else { return }
        let id = client.publish(
            topic: SparkplugCommand.stateTopic(host: host),
            payload: SparkplugCommand.state(isOnline: isOnline, since: state.since), qos: 1, retain: true)
        if id != nil { state.said(isOnline) }
    }

    private func ask(_ client: PublishClient) {
        // What cannot be asked now is asked again by the next message that needs it.
        guard client.state.phase == .connected else { return }
        for wanted in channel.takeWantedBirths() {
            let (topic, payload) = SparkplugCommand.rebirth(
                group: wanted.group, edge: wanted.edge, now: SystemClock.now())
            client.publish(topic: topic, payload: payload, qos: 0, retain: false)
            logger.info("asked for births", metadata: ["edge": "\(wanted.group)/\(wanted.edge)"])
        }
    }
}

/// What was said of our state over the connection at hand.
private final class HostState: Sendable {
    private struct Contents {
        var since: Milliseconds = 0
        var said: Bool?
    }
    private let contents = Mutex(Contents())

    /// When the connection began: the same in its will and in its births (Sparkplug 3.0 section 6.4.3).
    var since: Milliseconds { contents.withLock { $0.since } }

    /// Makes the will of each connection, with which it begins: nothing has been said over it.
    func will(of host: String) -> @Sendable () -> Will {
        {
            let now = SystemClock.now()
            self.contents.withLock { $0 = Contents(since: now) }
            return Will(
                topic: SparkplugCommand.stateTopic(host: host),
                payload: SparkplugCommand.state(isOnline: false, since: now))
        }
    }

    func mustSay(_ isOnline: Bool) -> Bool { contents.withLock { $0.said != isOnline } }

    func said(_ isOnline: Bool) { contents.withLock { $0.said = isOnline } }

    /// What the broker keeps of us. That we are gone while we are not is answered with a birth (section 5.5): it is the will of
    /// a connection before this one, or of another host with our name.
    func hear(_ payload: UnsafeRawBufferPointer) {
        contents.withLock { contents in
            if contents.said == true, !SparkplugCommand.isOnline(payload) { contents.said = nil }
        }
    }
}
