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
        awaitsSubscription = true
        link?.subscribe(settings.subscriptions, qos: 1)
        link?.unsubscribe(settings.formerSubscriptions)
        link?.watch("\(Self.droppedTopic)")
        if let echo = settings.echoTopic { link?.subscribe([echo], qos: 1) }
        nextEcho = 0
        link?.publishState("online")
        handler.connected(sessionPresent: sessionPresent)
    }

    func received(_ message: borrowing IncomingMessage) {
        if isDroppedCount(message.topic) {
            if let total = number(message.payload) { handler.brokerDropped(total: total) }
            return
        }
        if isEcho(message.topic) {
            if let number = ownEcho(message) { heardEcho = number }
            return
        }
        gate.received()
        handler.receive(message)
    }

    /// Acknowledges the words on the state topic only.
    func published(mid: Int32, reason: Int32) {
        guard reason >= 128, let topic = settings.stateTopic else { return }
        let error = settings.refusal(
            "may not publish \"\(topic)\" at the broker \(settings.address); allow it in the broker's acl_file"
        )
        show { $0.lastError = error }
    }

    func subscriptionGranted() {
        if awaitsSubscription { handler.subscribed() }
        awaitsSubscription = false
    }

    /// The first answer is to the filters; those to what is ours alone follow.
    func subscriptionRefused() {
        let isOfFilters = awaitsSubscription
        awaitsSubscription = false
        let topics =
            isOfFilters
            ? settings.subscriptions : ["\(Self.droppedTopic)"] + (settings.echoTopic.map { [$0] } ?? [])
        let error = settings.refusal(ofReading: topics)
        show { $0.lastError = error }
        if isOfFilters { handler.subscriptionRefused(error) }
    }

    private func isDroppedCount(_ topic: UnsafeBufferPointer<UInt8>) -> Bool {
        topic.first == UInt8(ascii: "$")
            && topic.elementsEqual(
                UnsafeBufferPointer(
                    start: Self.droppedTopic.utf8Start, count: Self.droppedTopic.utf8CodeUnitCount))
    }

    private func isEcho(_ topic: UnsafeBufferPointer<UInt8>) -> Bool {
        topic.count == echoTopic.count && topic.elementsEqual(echoTopic)
    }

    /// Anybody whom the broker lets may publish there: what we cannot have sent says nothing.
    private func ownEcho(_ message: borrowing IncomingMessage) -> Int64? {
        guard !message.retained, let number = Int64(String(decoding: message.payload, as: UTF8.self))
        else { return nil }
        return number > 0 && number <= newestEcho ? number : nil
    }

    private func number(_ payload: UnsafeRawBufferPointer) -> UInt64? {
        UInt64(String(decoding: payload, as: UTF8.self))
    }
}
