import ArgumentParser

struct AlertsResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Closes a latched alert: its condition is gone, and somebody has looked.",
        discussion: """
            Over the running service; returns once it is stored. Exit code 1 if the alert is not latched.

              ioc alerts reset 17 --operator lan --comment "pump checked on site"
            """)

    @OptionGroup var action: AlertActionOptions

    func run() async throws { try await action.carryOut(.reset) }
}
