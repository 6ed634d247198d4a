/// What a publisher's callers and its thread share, under one lock.
struct PublishShared: Sendable {
    var state = LinkState()
    var window: PublishWindow
    var isClosing = false
    /// The thread is in poll, or about to be, and must be woken for a new message.
    var isAsleep = false

    var isConnected: Bool { state.phase == .connected && !isClosing }
    var lastError: BrokerError? { state.lastError }
}
