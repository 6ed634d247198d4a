import ArgumentParser

struct AlertsAckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledges an alert: you have it in hand.",
        discussion: """
            Over the running service; returns once it is stored. Exit code 1 if the alert cannot be acknowledged.

              ioc alerts ack 17 --operator lan --comment "patrol is on its way"
            """)

    @OptionGroup var action: AlertActionOptions

    func run() async throws { try await action.carryOut(.acknowledge) }
}
