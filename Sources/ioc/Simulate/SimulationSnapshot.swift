/// How far a simulation has come.
struct SimulationSnapshot: Sendable, Equatable {
    /// Messages handed to the broker's connection.
    var sent = 0
    /// Messages the broker has acknowledged; none at QoS 0.
    var acknowledged = 0
    /// Messages the broker answered it does not take.
    var refused = 0
    /// QoS 0 messages that went down with a connection.
    var lost = 0
    /// Sent per second since the snapshot before.
    var perSecond = 0.0

    /// On their way: sent, and no answer yet.
    var outstanding: Int { max(sent - acknowledged - refused, 0) }
}
