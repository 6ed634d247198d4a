/// What a link tells its owner, during `read` and `write` and on the thread that called them.
protocol LinkEvents: AnyObject {
    /// CONNACK. The session is the broker's memory of our subscriptions and of what we have not acknowledged.
    func accepted(sessionPresent: Bool)
    func received(_ message: borrowing IncomingMessage)
    /// A message of ours is done: sent (QoS 0), or acknowledged with an MQTT 5 reason (QoS 1).
    func published(mid: Int32, reason: Int32)
    /// The broker will serve every filter of one SUBSCRIBE.
    func subscriptionGranted()
    /// The broker will not serve one or more of the filters of one SUBSCRIBE.
    func subscriptionRefused()
}
