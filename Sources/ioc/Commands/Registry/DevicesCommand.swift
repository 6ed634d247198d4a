import ArgumentParser

struct DevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "The devices of the fleets: what is heard of them, and how they come in.",
        discussion: "Without a subcommand: list.",
        subcommands: [
            DevicesListCommand.self, DevicesTryCommand.self, DevicesAdoptCommand.self,
            DevicesImportCommand.self, DevicesExportCommand.self,
        ],
        defaultSubcommand: DevicesListCommand.self)
}
