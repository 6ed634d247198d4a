import Telemetry

/// What a simulation is to do.
struct SimulationOptions: Sendable {
    /// Messages per second over all devices; nil lets each device speak at its own cadence.
    var rate: Double?
    var gateways = 4
    var seed: UInt64 = 1
    var qos: Int32 = 1
    /// How far back every device begins, as after an outage.
    var backlog: Milliseconds = 0
    var faults = SimulationFaults()
    /// How many times likelier than its profile says a device is to show its fault value.
    var trouble = 1.0
    /// Path of the file that lists every acknowledged message.
    var ledger: String?
    /// Stands before `gateway-1` … in the client ids.
    var clientPrefix = "simulate-"

    init() {}
}
