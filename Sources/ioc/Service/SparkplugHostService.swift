import Broker
import Logging
import Pipeline
import ServiceLifecycle
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

    /// - Parameter since: the session's time stamp, the same in the will and in what is said (Sparkplug 3.0 section 6.4.3).
    init(
        settings: BrokerSettings, host: String?, channel: IntakeChannel, watch: BrokerWatch,
        since: Milliseconds,
        logger: Logger
    ) {
        var settings = settings
        settings.will = host.map {
            .init(
                topic: SparkplugCommand.stateTopic(host: $0),
                payload: SparkplugCommand.state(isOnline: false, since: since))
        }
        self.settings = settings
        self.host = host
        self.channel = channel
        self.watch = watch
        self.since = since
        self.logger = logger
    }

    private let since: Milliseconds

    func run() async throws {
        let client = try PublishClient(settings: settings, onAcknowledged: nil)
        defer { client.close() }
        // Only starts the client: it goes on trying by itself, and nobody here may block.
        try? client.connect(timeoutSeconds: 0)
        await cancelWhenGracefulShutdown {
            var said: Bool?
            while !Task.isCancelled {
                said = say(client, said)
                ask(client)
                try? await Task.sleep(for: Self.pause)
            }
        }
        if client.state.phase == .connected { publish(false, client) }
    }

    /// Says whether values are taken in: not that this connection lives, but that the intake's does.
    /// - Returns: what was said last over this connection.
    private func say(_ client: PublishClient, _ said: Bool?) -> Bool? {
        // The broker said the will when it lost us.
        guard client.state.phase == .connected else { return nil }
        let isOnline = watch.current.isConnected
        guard said != isOnline else { return said }
        return publish(isOnline, client) ? isOnline : nil
    }

    @discardableResult
    private func publish(_ isOnline: Bool, _ client: PublishClient) -> Bool {
        guard let host else { return true }
        return client.publish(
            topic: SparkplugCommand.stateTopic(host: host),
            payload: SparkplugCommand.state(isOnline: isOnline, since: since), qos: 1, retain: true) != nil
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
