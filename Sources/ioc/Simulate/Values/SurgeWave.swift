import Foundation
import Telemetry

extension Simulation.Surge {
    /// Height of the wave at a moment: it rises fast, falls slowly, and passes the city once in every `every`.
    ///
    /// - Parameters:
    ///   - key: of the city, so that all that surges at the same interval surges together.
    ///   - lag: in 0..<1, how late the wave is at this device.
    func wave(at time: Milliseconds, key: UInt64, lag: Double) -> Double {
        let delayed = time - Milliseconds(lag * Double(lasts) / 6)
        let (cell, rest) = delayed.floorDivided(by: max(every, 1))
        let chance = Chance.mix(key &+ UInt64(every), at: cell)
        let start = Milliseconds(Chance.unit(chance) * Double(max(every - lasts, 0)))
        guard rest >= start, rest < start + lasts else { return 0 }
        let part = Double(rest - start) / Double(lasts)
        // x·e^(1−x) peaks with 1 at a seventh of the time and is tied down to 0 at its end.
        let x = part * 7
        return height * (0.7 + 0.3 * Chance.unit(Chance.mix(chance))) * x * exp(1 - x) * (1 - part)
    }
}
