import Telemetry

/// How one measurement is made up: a function of seed, device and time.
struct ValuePattern {
    let simulation: Simulation
    let kind: MeasurementKind
    private let range: ClosedRange<Double>
    /// Share of a measurement's size by which it scatters.
    private let amplitude: Double
    private let measurementKey: UInt64
    private let cityKey: UInt64

    init(_ measurement: Measurement, seed: UInt64) {
        simulation = measurement.simulation ?? Self.standIn(for: measurement)
        kind = measurement.kind
        range = measurement.valid ?? -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
        amplitude = (abs(simulation.base) + abs(simulation.swing)) * simulation.noise
        measurementKey = Chance.key(measurement.name)
        cityKey = Chance.mix(seed)
    }

    /// Some value for a measurement whose file says nothing.
    private static func standIn(for measurement: Measurement) -> Simulation {
        var simulation = Simulation()
        simulation.base =
            measurement.words.first?.value ?? measurement.valid.map { ($0.lowerBound + $0.upperBound) / 2 }
            ?? 1
        simulation.noise = measurement.kind == .state ? 0 : 0.1
        simulation.holds = measurement.kind == .state
        return simulation
    }

    var isWhole: Bool { simulation.isWhole }

    /// The value of `device` (its key, drawn from the seed) at a moment: of a counter, its increase.
    func value(device: UInt64, at moment: LocalMoment) -> Double {
        if isFaulty(device: device, at: moment.time) { return faulty }
        guard simulation.isOpen(at: moment) else { return clamp(simulation.closedValue) }
        let own = Chance.mix(device, measurementKey)
        var value = simulation.base
        if kind == .state || simulation.holds { return clamp(value) }
        // No two devices are alike: each has its own level and its own rush hour.
        if simulation.swing != 0 {
            value += simulation.swing * simulation.bell(at: moment, shift: Chance.unit(own) * 20 - 10)
        }
        if amplitude > 0 {
            let scatter =
                simulation.wanders
                ? Wander.at(moment.time, key: own) : Chance.normal(Chance.mix(own, at: moment.time))
            value += amplitude * (scatter + 0.5 * Chance.normal(own))
        }
        if let surge = simulation.surge {
            value += surge.wave(at: moment.time, key: cityKey, lag: Chance.unit(device))
        }
        if simulation.isWhole { value = whole(value, chance: Chance.mix(own &+ 1, at: moment.time)) }
        return clamp(value)
    }

    /// One draw per device and hour for all its measurements: what is as likely fails together.
    private func isFaulty(device: UInt64, at time: Milliseconds) -> Bool {
        guard simulation.faultProbability > 0 else { return false }
        let hour = time.floorDivided(by: Span.hour).quotient
        return Chance.unit(Chance.mix(device &+ 2, at: hour)) < simulation.faultProbability
    }

    private var faulty: Double { clamp(simulation.faultValue ?? (simulation.base == 0 ? 1 : 0)) }

    /// Amounts keep their mean (0.4 is 1 in two of five draws); levels go to the nearest whole.
    private func whole(_ value: Double, chance: UInt64) -> Double {
        switch kind {
        case .delta, .counter: (value + Chance.unit(chance)).rounded(.down)
        case .gauge, .state, .ratio: value.rounded()
        }
    }

    /// A counter's increase only has to be no fall; `valid` bounds its total.
    private func clamp(_ value: Double) -> Double {
        if kind == .counter { return max(value, 0) }
        return min(max(value, range.lowerBound), range.upperBound)
    }
}
