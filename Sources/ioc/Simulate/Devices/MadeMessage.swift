import Telemetry

/// A message ready to be sent; its payload is in the maker's buffer.
struct MadeMessage {
    var topic: String
    var kind: MessageKind
    var isRetained = false
    /// What the ledger will say once it is acknowledged; nil without a ledger.
    var entry: LedgerEntry?
}

/// A message with its payload, kept for later.
struct KeptMessage {
    var message: MadeMessage
    var payload: [UInt8]
}
