import ArgumentParser

struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract:
            "Lists alerts, acknowledges and shelves them, and tells their history and what they ask of operators.",
        discussion: """
              ioc alerts list --priority high
              ioc alerts ack 17 --comment "patrol is on its way"
            """,
        subcommands: [
            AlertsListCommand.self, AlertsAckCommand.self, AlertsUnackCommand.self, AlertsShelveCommand.self,
            AlertsUnshelveCommand.self, AlertsResetCommand.self,
            AlertsOutOfServiceCommand.self, AlertsInServiceCommand.self, AlertsHistoryCommand.self,
            AlertsExplainCommand.self, AlertsScoreboardCommand.self,
            AlertsHandoverCommand.self,
        ],
        defaultSubcommand: AlertsListCommand.self)
}
