import ArgumentParser
import Broker
import Catalog
import Foundation
import Synchronization
import Telemetry

struct DevicesTryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Listens to the live topics of a profile and says what each message would become.",
        discussion: """
            A connection of its own, which the service does not notice; nothing is stored. Each message is said as
            `ioc decode` says it: its readings, or why and where it is refused. Devices need not be in a fleet.

              ioc devices try mydomain/myprofile --broker mqtt://127.0.0.1:1883 --count 5
              ioc devices try _library/zigbee2mqtt --topic 'zigbee2mqtt/+'
            """)

    @Argument(help: "DOMAIN/PROFILE, _library/PROFILE, or a file that ends in .yaml.") var profile: String
    @Option(help: "Only topics of this filter; default: all of the profile's.") var topic: String?
    @Option(help: "End after so many messages.") var count: Int?
    @Option(help: "End after so many seconds, a day's at most; default: at Ctrl-C.") var seconds: Double?
    @OptionGroup var connection: BrokerOverrides
    @OptionGroup var catalogOptions: CatalogOptions
    @Flag(help: "One JSON object a message.") var json = false

    /// A trial is watched by somebody.
    private static let longest: Double = 86_400

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count \(count): expected 1 or more") }
        if let seconds, !(seconds > 0 && seconds <= Self.longest) {
            throw UsageFault.of(
                vi: "--seconds \(seconds): cần số giây lớn hơn 0, nhiều nhất \(Int(Self.longest)) (một ngày)",
                en: "--seconds \(seconds): expected more than 0 and at most \(Int(Self.longest)), a day")
        }
    }

    func run() throws {
        do {
            var catalog = try catalogOptions.load()
            try connection.apply(to: &catalog.settings)
            try listen(try catalog.profile(profile), catalog)
        } catch {
            throw Failure.exit(error)
        }
    }

    private func listen(_ profile: DeviceProfile, _ catalog: Catalog) throws {
        let filters = topic.map { [$0] } ?? Set(profile.topics.flatMap(\.filters)).sorted()
        var settings = try catalog.settings.broker.publisher("try-\(UInt32.random(in: 0 ... .max))")
        settings.subscriptions = filters
        settings.sessionExpiry = 0
        let trial = ProfileTrial(
            profile, catalog: catalog, wanted: count,
            until: seconds.map { SystemClock.now() + Milliseconds($0 * 1_000) },
            isJSON: json)
        Failure.say("listening to \(filters.joined(separator: " ")) at \(settings.address)")
        try IntakeClient(settings: settings, handler: trial).run()
        Failure.say("\(trial.count) messages, \(trial.refused) refused")
    }
}
