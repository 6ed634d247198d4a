/// The other side of `IntakeClient`. Every method is called on the intake thread only.
package protocol IntakeHandler: AnyObject {
    /// The broker accepted us. Without a present session, whatever was published while we were away is lost.
    func connected(sessionPresent: Bool)

    /// The subscriptions of this connection stand: from now on nothing is missed.
    func subscribed()

    /// The broker does not let us read some of the filters: what is published there is missed.
    func subscriptionRefused(_ error: BrokerError)

    /// A positive number to send to ourselves through the broker, behind everything that it holds for us now.
    func echo() -> Int64

    /// That number has come back: everything before it has been received, and settled.
    func echoed(_ number: Int64)

    /// The connection that `connected` announced is gone.
    func disconnected(reason: String)

    /// An attempt to connect failed; another follows after the back-off. By default ignored: `IntakeClient.state` has
    /// it too.
    func unreachable(_ error: BrokerError)

    /// False stops reading the socket, so the broker queues. Keep room for what may still come after true: one
    /// message on plain TCP, one TLS record (16 KiB) of messages with TLS.
    var hasRoom: Bool { get }

    /// One message, in the order of arrival. Its memory is gone when this returns.
    func receive(_ message: borrowing IncomingMessage)

    /// The end of a burst: BLOCKS until everything received so far is durable, or says that it is not. Called only
    /// after a `receive`, and again and again after `.failed`. A burst of QoS 0 alone owes the broker nothing and
    /// need not block.
    func settle() -> Settlement

    /// The broker's count of messages it threw away, as `$SYS/broker/publish/messages/dropped` reports it.
    func brokerDropped(total: UInt64)

    /// Called at least every 250 ms unless `settle` blocks for longer. False stops.
    func idle() -> Bool
}

extension IntakeHandler {
    package func unreachable(_ error: BrokerError) {}
    package func subscribed() {}
    package func subscriptionRefused(_ error: BrokerError) {}
    package func echo() -> Int64 { 0 }
    package func echoed(_ number: Int64) {}
}
