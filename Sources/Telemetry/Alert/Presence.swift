/// Whether a device is there, and what rules must know of it to tell.
struct Presence: BitwiseCopyable, Sendable {
    let cadence: Milliseconds
    /// Position of its gateway.
    let gateway: Int?
    /// Arrival of the last message.
    var lastSeen: Milliseconds?
    var departed: Milliseconds?
    /// When it was heard after it had been down, or for the first time since anybody listens: its children were not heard before.
    var backSince = Milliseconds.min
    /// Whether its next message ends something.
    var isAwaited = false

    init(cadence: Milliseconds, gateway: Int?) {
        self.cadence = cadence
        self.gateway = gateway
    }

    func allowed(_ cadences: Double) -> Milliseconds { Milliseconds(cadences * Double(cadence)) }
}
