/// What the broker says, on the intake thread during a read.
extension IntakeClient: LinkEvents {
    static let droppedTopic: StaticString = "$SYS/broker/publish/messages/dropped"

    func accepted(sessionPresent: Bool) {
        lifecycle.accepted(now: monotonicMilliseconds())
        show {
            $0.phase = .connected
            $0.lastError = nil
            $0.connections += 1
        }
        link?.subscribe(settings.subscriptions, qos: 1)
        link?.watch("\(Self.droppedTopic)")
        link?.publishState("online")
        handler.connected(sessionPresent: sessionPresent)
    }

    func received(_ message: borrowing IncomingMessage) {
        if isDroppedCount(message.topic) {
            if let total = number(message.payload) { handler.brokerDropped(total: total) }
            return
        }
        gate.received()
        handler.receive(message)
    }

    /// Acknowledges the words on the state topic only.
    func published(mid: Int32, reason: Int32) {
        guard reason >= 128, let topic = settings.stateTopic else { return }
        note(
            "may not publish \"\(topic)\" at the broker \(settings.address); allow it in the broker's acl_file"
        )
    }

    func subscriptionRefused(reason: Int32) {
        let filters = settings.subscriptions.joined(separator: ", ")
        note(
            "may not read some of \(filters) at the broker \(settings.address); allow it in the broker's acl_file"
        )
    }

    private func note(_ complaint: String) {
        let user = settings.username.map { "user \"\($0)\"" } ?? "a client without user name"
        show { $0.lastError = BrokerError(.refused, "\(user) \(complaint)") }
    }

    private func isDroppedCount(_ topic: UnsafeBufferPointer<UInt8>) -> Bool {
        topic.first == UInt8(ascii: "$")
            && topic.elementsEqual(
                UnsafeBufferPointer(
                    start: Self.droppedTopic.utf8Start, count: Self.droppedTopic.utf8CodeUnitCount))
    }

    private func number(_ payload: UnsafeRawBufferPointer) -> UInt64? {
        UInt64(String(decoding: payload, as: UTF8.self))
    }
}
