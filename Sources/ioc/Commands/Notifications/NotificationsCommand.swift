import ArgumentParser

struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "What receivers outside the console were told of alerts, and whether one can be reached.",
        discussion: """
            Receivers are in config/receivers.yaml. Without a subcommand: list.

              ioc notifications list --state failed
              ioc notifications test duty-officer
            """,
        subcommands: [NotificationsListCommand.self, NotificationsTestCommand.self],
        defaultSubcommand: NotificationsListCommand.self)
}
