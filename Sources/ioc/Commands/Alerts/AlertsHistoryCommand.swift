import ArgumentParser
import Store
import Telemetry

struct AlertsHistoryCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "All changes of an alert; reads the database.",
        discussion: """
            Works without the service.

              ioc alerts history 17
            """)

    @Argument(help: "The alert's id, as `ioc alerts list --all` shows it.") var id: Int64
    @OptionGroup var data: DataOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/alerts/ID gives it.") var json = false

    private struct Answer: Encodable {
        var alert: AlertAnswer
        var history: [AlertEventAnswer]
    }

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let alert = try reader.knownAlert(id: id)
        let history = try reader.history(ofAlert: id)
        if json { return try JSONText.document(Answer(alert: alert, history: history)) }
        return AlertHistoryText(alert, history, rendering).text
    }
}
