package import Telemetry

/// The validated world: everything `config/` and `devices/` say.
package struct Catalog: Sendable {
    package var settings: Settings
    package var zone: ZoneOffsets
    package var wards: [Ward]
    /// Calendars and regimes that rules name.
    package var times: AlertTimes
    package var profiles: [DeviceProfile]
    /// Profiles to copy from: sound, but of no domain and without devices.
    package var library: [DeviceProfile]
    package var devices: [Device]
    package var rules: [AlertRule]
    package var ruleTests: [RuleTest]
    /// Who outside the console is told of alerts.
    package var receivers: [Receiver]
    /// What the service leaves out, see `withinLimits`.
    package var excess: [Excess]

    /// Reads and checks all files. `wards.csv` and, if there is one, `receivers.yaml` lie beside `configFile`.
    /// - Throws: every mistake in every file, with its place.
    package static func load(
        configFile: String, devicesDirectory: String, alertsDirectory: String
    ) throws(CatalogFaults) -> Catalog {
        let loader = CatalogLoader()
        loader.readSettings(configFile)
        loader.readDevices(devicesDirectory)
        loader.readAlerts(alertsDirectory)
        loader.readReceivers(beside: configFile)
        guard loader.log.faults.isEmpty else { throw CatalogFaults(loader.log.faults) }
        return Catalog(
            settings: loader.settings, zone: loader.zone, wards: loader.wards, times: loader.times,
            profiles: loader.profiles,
            library: loader.library, devices: loader.devices, rules: loader.rules,
            ruleTests: loader.ruleTests, receivers: loader.receivers,
            excess: loader.excess())
    }

    /// What runs this catalog's rule tests.
    package var ruleTestRunner: RuleTestRunner {
        RuleTestRunner(
            profiles: profiles, devices: devices, rules: rules, zone: zone, wards: wards, times: times,
            grace: settings.intake.grace)
    }

    /// What runs this catalog's examples.
    package var exampleRunner: ExampleRunner {
        ExampleRunner(profiles: profiles, devices: devices, limits: settings.intake.limits)
    }

    /// Runs every example and every rule test, and looks at the limits: what the service starts with, but should not.
    /// - Returns: what is beyond a limit and what failed, each at its place, in order of place.
    package func check() -> [LocatedFault] {
        var faults = excess.map(\.fault)
        let examples = exampleRunner
        for profile in profiles { faults += Self.run(profile.examples, of: profile, with: examples) }
        // Each alone: several may be for the same topics.
        for profile in library {
            let own = ExampleRunner(profiles: [profile], devices: [], limits: settings.intake.limits)
            faults += Self.run(profile.examples, of: profile, with: own)
        }
        let tests = ruleTestRunner
        for test in ruleTests {
            for failure in tests.run(test) {
                faults.append(
                    LocatedFault(place: failure.place, message: "test \"\(test.name)\": \(failure.message)"))
            }
        }
        return faults.sorted()
    }

    private static func run(_ examples: [Example], of profile: DeviceProfile, with runner: ExampleRunner)
        -> [LocatedFault]
    {
        examples.compactMap { example in
            runner.run(example, of: profile).map {
                LocatedFault(place: example.place, message: "example \"\(example.name)\": \($0)")
            }
        }
    }
}
