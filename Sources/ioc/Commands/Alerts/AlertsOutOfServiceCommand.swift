import ArgumentParser

struct AlertsOutOfServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "out-of-service",
        abstract: "Takes a rule on a device out of service, with a reason, until it is put back.",
        discussion: """
            It goes on being evaluated, and nobody is told; `ioc alerts list --hidden` shows it. Works whether or not there is
            an alert. Exit code 1 if there is no such rule and device.

              ioc alerts out-of-service MyRule device-1 --comment "the sensor is being replaced"
            """)

    @OptionGroup var action: AlertServiceOptions

    func validate() throws {
        guard action.call.hasReason else {
            throw UsageFault.of(
                vi: "vì sao ngừng dùng? Hãy nói bằng --comment",
                en: "why is it taken out of service? Say so with --comment")
        }
    }

    func run() async throws { try await action.carryOut("out-of-service") }
}
