/// What a message of the simulator is, as the ledger calls it.
enum MessageKind: String, Sendable {
    case good
    /// Sent before: must not count again.
    case duplicate
    /// Must be refused.
    case malformed
    /// Tells of an earlier time: must be merged where it belongs.
    case late
}
