import ArgumentParser

struct AlertsInServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "in-service", abstract: "Puts a rule on a device back into service.",
        discussion: """
            What it has come to in the meantime is an alert at once.

              ioc alerts in-service MyRule device-1 --comment "new sensor"
            """)

    @OptionGroup var action: AlertServiceOptions

    func run() async throws { try await action.carryOut("in-service") }
}
