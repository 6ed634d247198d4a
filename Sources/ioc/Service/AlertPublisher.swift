import Broker
import Console
import Foundation
import Logging
import Pipeline
import ServiceLifecycle
import Store
import Synchronization

/// Publishes every transition as the retained state of its alert, so that any MQTT client is an alert display.
struct AlertPublisher: Service {
    let settings: BrokerSettings
    let reader: StoreReader
    let feed: AlertFeed
    let channel: IntakeChannel
    /// Last event the broker took before the restart.
    let publishedBefore: Int64
    let logger: Logger

    /// Events read from the store at once.
    private static let batch = 200

    func run() async throws {
        let client = try PublishClient(settings: settings, onAcknowledged: nil)
        defer { client.close() }
        let changes = feed.changes()
        await cancelWhenGracefulShutdown {
            var changes = changes.makeAsyncIterator()
            var position = publishedBefore
            // Only starts the client: it goes on trying by itself, and nobody here may block.
            try? client.connect(timeoutSeconds: 0)
            while !Task.isCancelled {
                if let next = published(after: position, client) {
                    position = next
                    await waitUntilTaken(client)
                    if client.inflight == 0 { channel.publishedEvent.store(position, ordering: .relaxed) }
                } else if client.state.phase == .connected {
                    guard await changes.next() != nil else { return }
                } else {
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    /// A display that cannot be fed is no reason to stop taking messages in.
    private func published(after position: Int64, _ client: PublishClient) -> Int64? {
        do {
            return try publish(after: position, client)
        } catch {
            logger.warning("cannot publish alerts: \(error)")
            return nil
        }
    }

    /// - Returns: id of the last event published, nil if there was none or no connection.
    private func publish(after position: Int64, _ client: PublishClient) throws -> Int64? {
        guard client.state.phase == .connected else { return nil }
        var last: Int64?
        for event in try reader.alertEvents(after: position, limit: Self.batch) {
            let payload = try AnswerCoding.encoder.encode(event)
            let topic = "ioc/v1/alerts/\(event.domain)/\(event.ward)/\(event.rule)/\(event.device)"
            guard client.publish(topic: topic, payload: Array(payload), qos: 1, retain: true) != nil else {
                return last
            }
            last = event.id
        }
        return last
    }

    private func waitUntilTaken(_ client: PublishClient) async {
        while client.inflight > 0, client.state.phase == .connected, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
