import Catalog
import Telemetry
import Testing

@testable import ioc

struct SimulateValueTests {
    private func pattern(
        _ kind: MeasurementKind = .gauge, valid: ClosedRange<Double>? = nil,
        _ change: (inout Simulation) -> Void
    )
        -> ValuePattern
    {
        var simulation = Simulation()
        change(&simulation)
        let measurement = Measurement(
            name: "level", title: Title(vi: "l", en: "l"), unit: "1", kind: kind, valid: valid,
            simulation: simulation)
        return ValuePattern(measurement, seed: 1)
    }

    private func at(_ hour: Int, _ minute: Int = 0, day: Int = 5) -> LocalMoment {
        let local = Civil.milliseconds(year: 2026, month: 1, day: day, hour: hour, minute: minute)!
        return LocalMoment(SimulateFleet.catalog.zone.utc(fromLocal: local), in: SimulateFleet.catalog.zone)
    }

    @Test func peaksAreInTheCitysLocalTime() {
        let pattern = pattern {
            $0.base = 10
            $0.swing = 50
            $0.peakMinutes = [7 * 60]
        }
        #expect(pattern.value(device: 3, at: at(7)) > 55)
        #expect(abs(pattern.value(device: 3, at: at(7, 45)) - 35) < 12)
        #expect(pattern.value(device: 3, at: at(15)) == 10)
    }

    @Test func closedPlacesHaveTheirClosedValue() {
        let pattern = pattern {
            $0.base = 10
            $0.noise = 0.1
            $0.openMinutes = 450..<1_020
            $0.closedValue = 2
            $0.days = .mondayToFriday
        }
        #expect(pattern.value(device: 3, at: at(7, 29)) == 2)
        #expect(pattern.value(device: 3, at: at(7, 30)) > 5)
        #expect(pattern.value(device: 3, at: at(17)) == 2)
        #expect(pattern.value(device: 3, at: at(10, day: 10)) == 2, "a Saturday")
    }

    @Test func walksMoveSlowlyAndComeBack() {
        let values = (0..<20_000).map { Wander.at(Int64($0) * Span.minute, key: 9) }
        #expect(zip(values, values.dropFirst()).allSatisfy { abs($0 - $1) < 0.3 })
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs(mean) < 0.2)
        #expect(
            values.contains { $0 > 1 } && values.contains { $0 < -1 } && values.allSatisfy { abs($0) < 6 })
    }

    @Test func surgesComeOncePerIntervalAndEverywhere() {
        let surge = Simulation.Surge(every: 3 * Span.day, lasts: 18 * Span.hour, height: 2.6)
        for interval in 0..<20 as Range<Int64> {
            let heights = (0..<432).map { step in
                surge.wave(at: interval * 3 * Span.day + step * 10 * Span.minute, key: 5, lag: 0)
            }
            let highest = heights.max() ?? 0
            #expect(highest > 1.2 && highest <= 2.6)
            #expect(heights.count { $0 > 0 } <= 109)
        }
    }

    @Test func faultsAreAsLikelyAsTheFileSays() {
        let pattern = pattern(.state) {
            $0.base = 1
            $0.faultProbability = 0.1
            $0.faultValue = 0
            $0.holds = true
        }
        let hours = (0..<20_000).map {
            pattern.value(device: 4, at: LocalMoment(Int64($0) * Span.hour, in: .utc))
        }
        #expect(abs(Double(hours.count { $0 == 0 }) / 20_000 - 0.1) < 0.01)
        #expect(hours.allSatisfy { $0 == 0 || $0 == 1 })
    }

    @Test func smallAmountsKeepTheirMean() {
        let pattern = pattern(.counter) {
            $0.base = 0.4
            $0.isWhole = true
        }
        let sum = (0..<10_000).reduce(0.0) {
            $0 + pattern.value(device: 4, at: LocalMoment(Int64($1) * Span.minute, in: .utc))
        }
        #expect(abs(sum / 10_000 - 0.4) < 0.02)
    }

    /// A week of every device of the repository stays inside `valid`.
    @Test func allFleetsStayInsideTheirLimits() {
        let speeches = SimulateFleet.speeches()
        for (index, device) in SimulateFleet.catalog.devices.enumerated() where index % 7 == 0 {
            let speech = speeches[device.profileIndex]
            let key = Chance.key(device.key)
            for hour in 0..<168 {
                let moment = LocalMoment(
                    SimulateFleet.monday + Int64(hour) * Span.hour, in: SimulateFleet.catalog.zone)
                for (measurement, pattern) in zip(speech.profile.measurements, speech.patterns) {
                    let value = pattern.value(device: key, at: moment)
                    if measurement.kind != .counter, let valid = measurement.valid {
                        #expect(valid.contains(value), "\(device.key) \(measurement.name)")
                    }
                }
            }
        }
    }
}
