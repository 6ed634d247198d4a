/// What the broker says, retained and at QoS 1, when a client is gone without a goodbye.
package struct Will: Sendable, Equatable {
    package var topic: String
    package var payload: [UInt8]

    package init(topic: String, payload: [UInt8]) {
        self.topic = topic
        self.payload = payload
    }
}
