/// What became of the messages received since the last settlement.
package enum Settlement: Sendable, Equatable {
    /// All of them are on disk: their acknowledgements may leave.
    case durable
    /// Storage failed: the connection is dropped with nothing acknowledged, and the handler is asked again before the
    /// next.
    case failed
    /// The handler is going away: nothing is acknowledged and `run` returns.
    case stopping
}
