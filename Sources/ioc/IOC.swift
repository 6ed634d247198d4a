import ArgumentParser

@main
struct IOC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ioc", abstract: "Telemetry of a city's intelligent operations centre.",
        discussion: "Try `ioc demo`. Every command has --help with an example.", version: version,
        subcommands: [
            RunCommand.self, DemoCommand.self, CheckCommand.self, SimulateCommand.self, ReplayCommand.self,
            DecodeCommand.self, WatchCommand.self, AlertsCommand.self, RegimesCommand.self,
            NotificationsCommand.self, QueryCommand.self, SeriesCommand.self,
            DevicesCommand.self, RejectsCommand.self, RulesCommand.self, StatusCommand.self,
        ])
}
