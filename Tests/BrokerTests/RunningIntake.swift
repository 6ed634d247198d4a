import Broker
import Foundation
import TestSupport

/// An intake client on a thread of its own, stopped with the test.
final class RunningIntake: Sendable {
    let handler: RecordingHandler
    let client: IntakeClient
    private let ended = DispatchSemaphore(value: 0)

    init(_ settings: BrokerSettings, _ handler: RecordingHandler = RecordingHandler()) throws {
        self.handler = handler
        client = try IntakeClient(settings: settings, handler: handler)
        Thread { [client, ended] in
            client.run()
            ended.signal()
        }.start()
    }

    deinit { askToStop() }

    /// Stops and waits. False when it did not end in time.
    @discardableResult
    func stop(within seconds: Double = 2) -> Bool {
        askToStop()
        return waitForEnd(within: seconds)
    }

    func waitForEnd(within seconds: Double = 2) -> Bool { ended.wait(timeout: .now() + seconds) == .success }

    private func askToStop() {
        handler.set { $0.isStopped = true }
        client.wake()
    }
}

extension MosquittoServer {
    /// Settings for user `ioc`, with waits fit for a test.
    func settings(
        _ clientID: String, user: String = "ioc", subscriptions: [String] = ["ioc/#"],
        stateTopic: String? = nil
    ) -> BrokerSettings {
        BrokerSettings(
            port: port, clientID: clientID, username: user, password: "\(user)-secret",
            subscriptions: subscriptions, stateTopic: stateTopic, backoff: Backoff(minimum: 20, maximum: 200))
    }

    /// Publishes `payloads` at QoS 1 as a gateway and waits until the broker has them all.
    func publish(_ payloads: some Sequence<String>, to topic: String = "ioc/test", retain: Bool = false)
        throws
    {
        let client = try PublishClient(settings: settings("publisher", user: "gateway"), onAcknowledged: nil)
        try client.connect(timeoutSeconds: 5)
        for payload in payloads {
            while client.publish(topic: topic, payload: Array(payload.utf8), qos: 1, retain: retain) == nil {
                _ = client.waitForRoom(milliseconds: 1000)
            }
        }
        guard client.waitUntilDone(milliseconds: 10_000) else {
            throw Failure(description: "not acknowledged")
        }
        client.close()
    }
}

/// Waits for something to come true; false after the time.
func eventually(within seconds: Double = 5, _ condition: () -> Bool) -> Bool {
    let end = DispatchTime.now() + seconds
    while DispatchTime.now() < end {
        if condition() { return true }
        usleep(2000)
    }
    return condition()
}

func numbers(_ range: ClosedRange<Int>) -> [String] { range.map(String.init) }
