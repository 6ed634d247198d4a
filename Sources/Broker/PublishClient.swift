import CMosquitto

/// An own connection for publishing. It reconnects by itself, and QoS 1 messages it accepted are sent again until the
/// broker acknowledges them. All methods may be called from any thread. `close` it, or it runs until the process
/// ends.
///
/// It does not use mosquitto_loop_start: that thread ends for good when a reconnect is refused, cannot be stopped
/// while it connects, and uses select, which fails above 1024 descriptors (lib/loop.c).
package final class PublishClient: Sendable {
    /// Messages accepted and not yet done, both QoS together.
    static let windowLimit = 4096
    private let loop: PublishLoop

    /// - Parameters:
    ///   - settings: `stateTopic` and `sessionExpiry` are ignored, and without `onReceived` `subscriptions`, too; the
    ///     session is a new one each time.
    ///   - onAcknowledged: a QoS 1 message with this id is stored by the broker. On the client's thread; do not
    ///     block. It can come before `publish` has returned the id; what `publish` is given as `accepted` is always
    ///     run before it.
    ///   - onRefused: the broker answered that it does not take the message with this id, and why.
    ///   - will: asked for one before each connection, on the client's thread.
    ///   - onReceived: gets what the subscriptions bring. On the client's thread; do not block.
    /// - Throws: settings that cannot work; nothing is connected yet.
    package init(
        settings: BrokerSettings, onAcknowledged: (@Sendable (Int32) -> Void)?,
        onRefused: (@Sendable (Int32, String) -> Void)? = nil, will: (@Sendable () -> Will)? = nil,
        onReceived: (@Sendable (borrowing IncomingMessage) -> Void)? = nil
    ) throws(BrokerError) {
        loop = try PublishLoop(
            settings, onAcknowledged: onAcknowledged, onRefused: onRefused, will: will, onReceived: onReceived
        )
    }

    /// Starts the client's thread, if it does not run yet, and BLOCKS until the broker accepted the connection.
    /// - Throws: at once what only a person can mend, such as a wrong password; after the time the last cause. The
    ///   client goes on trying either way until `close`.
    package func connect(timeoutSeconds: Double) throws(BrokerError) {
        try loop.start()
        let settled = loop.shared.wait(milliseconds: Int64(timeoutSeconds * 1000)) {
            $0.isConnected || $0.isClosing || $0.lastError.map { !$0.mayPassByItself } ?? false
        }
        let (isConnected, lastError) = loop.shared.withLock { ($0.isConnected, $0.lastError) }
        if settled && isConnected { return }
        throw lastError
            ?? BrokerError(
                .unreachable,
                "no connection to the broker at \(loop.settings.address) within \(timeoutSeconds) s; check host and port"
            )
    }

    /// Hands a message over for sending.
    /// - Parameters:
    ///   - qos: 0 or 1.
    ///   - accepted: gets the id before `onAcknowledged` can; runs under the client's lock, so it must be short and
    ///     must not call the client. Write the ledger's entry here.
    /// - Returns: the message's id, or nil when it was not taken: not connected, or no room (see `waitForRoom`), or
    ///   the topic is none. Ids repeat after 65,535 messages.
    @discardableResult
    package func publish(
        topic: String, payload: UnsafeRawBufferPointer, qos: Int32, retain: Bool,
        accepted: (Int32) -> Void = { _ in }
    ) -> Int32? {
        precondition(qos == 0 || qos == 1, "QoS 2 is never used")
        return loop.publish(topic: topic, payload: payload, qos: qos, retain: retain, accepted: accepted)
    }

    /// The same for an array.
    @discardableResult
    package func publish(
        topic: String, payload: [UInt8], qos: Int32, retain: Bool, accepted: (Int32) -> Void = { _ in }
    ) -> Int32? {
        payload.withUnsafeBytes {
            publish(topic: topic, payload: $0, qos: qos, retain: retain, accepted: accepted)
        }
    }

    /// BLOCKS until a message would be taken (when it was full: until a quarter is free), at most `milliseconds`.
    package func waitForRoom(milliseconds: Int64) -> Bool {
        if loop.shared.withLock({ $0.isConnected && $0.window.hasRoom }) { return true }
        return loop.shared.wait(milliseconds: milliseconds) { $0.isConnected && $0.window.hasAmpleRoom }
    }

    /// BLOCKS until everything accepted was sent and acknowledged, at most `milliseconds`.
    package func waitUntilDone(milliseconds: Int64) -> Bool {
        loop.shared.wait(milliseconds: milliseconds) { $0.window.isEmpty }
    }

    /// Published at QoS 1 and not yet acknowledged.
    package var inflight: Int { loop.shared.withLock { $0.window.inflight } }

    /// QoS 0 messages that were accepted and then lost with a connection.
    package var lost: UInt64 { loop.shared.withLock { $0.window.lost } }

    /// How the connection stands.
    package var state: LinkState { loop.shared.withLock { $0.state } }

    /// Sends what is left for at most `milliseconds`, says goodbye and ends the thread. Safe to call twice, and the
    /// last call of all.
    package func close(milliseconds: Int64 = 2000) {
        if loop.shared.withLock({ $0.isConnected }) { _ = waitUntilDone(milliseconds: milliseconds) }
        loop.stop()
    }
}
