import ArgumentParser

struct AlertsUnshelveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unshelve", abstract: "Brings an alert back that was set aside.",
        discussion: """
            Over the running service; returns once it is stored. Exit code 1 if the alert is not shelved.

              ioc alerts unshelve 17 --operator lan
            """)

    @OptionGroup var action: AlertActionOptions

    func run() async throws { try await action.carryOut(.unshelve) }
}
