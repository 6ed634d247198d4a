import ArgumentParser

/// The switches for what goes wrong.
struct SimulationFaultOptions: ParsableArguments {
    @Option(help: "0…1 of messages are sent a second time.") var duplicates = 0.0
    @Option(help: "0…1 of messages tell of 1 to 30 minutes ago.") var late = 0.0
    @Option(help: "0…1 of messages change places with the device's next.") var outOfOrder = 0.0
    @Option(help: "0…1 of devices have a clock that is off by up to 90 s.") var clockSkew = 0.0
    @Option(help: "0…1 of messages are broken.") var malformed = 0.0
    @Option(help: "0…1 of messages are published retained.") var retained = 0.0
    @Option(help: "0…1 of devices never speak.") var silent = 0.0
    @Option(help: "How many times likelier than their profiles say devices show their fault values.")
    var trouble = 1.0

    var faults: SimulationFaults {
        SimulationFaults(
            duplicates: duplicates, late: late, outOfOrder: outOfOrder, clockSkew: clockSkew,
            malformed: malformed, retained: retained, silent: silent)
    }

    func validate() throws {
        let switches = [
            ("duplicates", duplicates), ("late", late), ("out-of-order", outOfOrder),
            ("clock-skew", clockSkew),
            ("malformed", malformed), ("retained", retained), ("silent", silent),
        ]
        for (name, share) in switches where !(0...1).contains(share) {
            throw ValidationError("--\(name) \(share): expected a share from 0 to 1, for example 0.05")
        }
        guard trouble >= 0, trouble.isFinite else {
            throw ValidationError("--trouble \(trouble): expected a factor, for example 30")
        }
    }
}
