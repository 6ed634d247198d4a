import ArgumentParser
import Catalog
import Store
import Telemetry

struct AlertsExplainCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why a rule fired on a device, or why it does not; reads the database and the rules.",
        discussion: """
            Says what the rule looked at, what it compared with, which delay runs, and what keeps the alert where it is. Works
            for a rule that is silent, too.

              ioc alerts explain 17
              ioc alerts explain MyRule device-1
            """)

    @Argument(help: "The alert's id, or a rule.") var subject: String
    @Argument(help: "The device, with a rule.") var device: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "One JSON object.") var json = false

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let explainer = AlertExplainer(reader: reader, catalog: try catalog.load().selfMonitored())
        let (found, rule) = try explainer.explain(subject, device, rendering)
        return json ? try JSONText.document(found) : AlertExplanationText(found, rule, rendering).text
    }
}
