import ArgumentParser

struct AlertsUnackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unack", abstract: "Takes an acknowledgement back: somebody else must see to it.",
        discussion: """
            Over the running service; returns once it is stored. Exit code 1 if the alert is not acknowledged.

              ioc alerts unack 17 --operator lan --comment "patrol was called off"
            """)

    @OptionGroup var action: AlertActionOptions

    func run() async throws { try await action.carryOut(.unacknowledge) }
}
