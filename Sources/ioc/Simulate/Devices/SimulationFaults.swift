/// What goes wrong on the way, each with its probability 0…1.
struct SimulationFaults: Sendable, Equatable {
    /// A message is sent a second time.
    var duplicates = 0.0
    /// A message tells of 1 to 30 minutes ago.
    var late = 0.0
    /// A message changes places with the device's next.
    var outOfOrder = 0.0
    /// Share of devices whose clock is wrong by up to ±90 s.
    var clockSkew = 0.0
    /// A message is broken.
    var malformed = 0.0
    /// A message asks the broker to keep it for whoever subscribes later.
    var retained = 0.0
    /// Share of devices that never speak.
    var silent = 0.0
}
