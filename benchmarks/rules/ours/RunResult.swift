import Telemetry

/// What a run found and how long it took.
struct RunResult {
    var readings = 0
    var seconds = 0.0
    /// Of it on the storing end of the ring.
    var drainSeconds = 0.0
    /// Times at which a condition came or went.
    var transitions = 0
    var rollups = 0
    /// Of all rollups, in order.
    var hash = 0
}

extension Rollup {
    func feed(_ hasher: inout Hasher) {
        hasher.combine(series.rawValue)
        hasher.combine(tier.rawValue)
        hasher.combine(start)
        hasher.combine(accumulator.count)
        hasher.combine(accumulator.sum)
        hasher.combine(accumulator.minimum)
        hasher.combine(accumulator.maximum)
    }
}
