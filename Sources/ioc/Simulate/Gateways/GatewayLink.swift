import Broker
import Synchronization

/// A gateway's connection to the broker. It waits for room instead of dropping anything.
final class GatewayLink: Sendable {
    let deliveries: Deliveries
    private let client: PublishClient
    private let qos: Int32
    private let stopping = Atomic<Bool>(false)

    /// Beyond this many messages without an answer a gateway stops reading its devices, and waits.
    private static let mostOutstanding = 2_000

    init(_ settings: BrokerSettings, qos: Int32, ledger: Ledger?) throws(BrokerError) {
        let deliveries = Deliveries(ledger: ledger)
        self.deliveries = deliveries
        self.qos = qos
        client = try PublishClient(
            settings: settings, onAcknowledged: { deliveries.acknowledged(id: $0) },
            onRefused: { id, _ in deliveries.refused(id: id) })
    }

    func connect(timeoutSeconds: Double) throws(BrokerError) {
        try client.connect(timeoutSeconds: timeoutSeconds)
    }

    /// Whether the gateway should come to its end.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    func stop() { stopping.store(true, ordering: .relaxed) }

    var lost: Int { Int(client.lost) }

    /// BLOCKS until the message is on its way.
    /// - Returns: false if the gateway was stopped before, or the connection does not take this message at all.
    func send(_ message: MadeMessage, _ payload: [UInt8]) -> Bool {
        var attempts = 0
        while true {
            guard waitForRoom() else { return false }
            let id = client.publish(
                topic: message.topic, payload: payload, qos: qos, retain: message.isRetained
            ) { id in deliveries.taken(message, id: id, qos: qos) }
            if id != nil { return true }
            attempts += 1
            // There was room and a connection, again and again: it is the message.
            if attempts > 100 { return false }
        }
    }

    private func waitForRoom() -> Bool {
        while qos == 1, deliveries.outstanding >= Self.mostOutstanding {
            if isStopping { return false }
            Pause.sleep(microseconds: 1_000)
        }
        while !client.waitForRoom(milliseconds: 100) {
            if isStopping { return false }
        }
        return true
    }

    /// BLOCKS until all is acknowledged, at most `seconds`, and ends the connection.
    func finish(seconds: Int64) {
        // A broker that is away for the moment may come back within that time.
        _ = client.waitUntilDone(milliseconds: seconds * 1_000)
        client.close(milliseconds: 0)
    }
}
