import Foundation
import Telemetry

extension Simulation {
    /// Whether the place is open at a moment.
    func isOpen(at moment: LocalMoment) -> Bool {
        let isDay =
            switch days {
            case .all: true
            case .mondayToFriday: moment.weekday <= 5
            case .mondayToSaturday: moment.weekday <= 6
            }
        guard isDay else { return false }
        guard let openMinutes else { return true }
        return openMinutes.contains(Int(moment.minuteOfDay))
    }

    /// How near the day is to a peak: 1 at one, half of that at half the bell's width.
    ///
    /// - Parameter shift: minutes by which this device's day is ahead of the file's.
    func bell(at moment: LocalMoment, shift: Double) -> Double {
        var highest = 0.0
        for peak in peakMinutes {
            let apart = abs(moment.minuteOfDay + shift - Double(peak))
            let distance = min(apart, abs(1_440 - apart)) / peakWidthMinutes
            // Further out the bell is below a thousandth.
            if distance < 1.6 { highest = max(highest, exp(-2.772_588_722_239_781 * distance * distance)) }
        }
        return highest
    }
}
