import Telemetry

/// A slow walk that always comes back to 0, as a function of time: noise on a lattice, smoothed between its points.
///
/// Three lattices lie over each other, so that it moves within the hour and also drifts over the day.
enum Wander {
    private static let layers: [(step: Milliseconds, share: Double)] = [
        (20 * Span.minute, 0.3), (2 * Span.hour, 0.55), (9 * Span.hour, 0.75),
    ]

    /// About −3…3 with deviation 1.
    static func at(_ time: Milliseconds, key: UInt64) -> Double {
        var sum = 0.0
        for (step, share) in layers {
            let (cell, rest) = time.floorDivided(by: step)
            let left = Chance.normal(Chance.mix(key &+ UInt64(step), at: cell))
            let right = Chance.normal(Chance.mix(key &+ UInt64(step), at: cell + 1))
            let part = Double(rest) / Double(step)
            sum += share * (left + (right - left) * part * part * (3 - 2 * part))
        }
        return sum
    }
}
