import ArgumentParser
import Catalog
import Foundation
import Store
import Telemetry

struct RulesReplayCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "What rules would have said of stored history; reads the database.",
        discussion: """
            Every commit of the time goes through the engine that runs live, as far back as readings are kept. Nothing is
            stored or sent. A draft is tried from a copy of the rules, named with --alerts; rules that are not enabled run, too.

              ioc rules replay MyRule --from -7d --timeline
              ioc rules replay --alerts drafts --from 2026-01-05 --to 2026-01-06
            """)

    @Argument(help: "Only these rules; default: all.") var rules: [String] = []
    @OptionGroup var times: TimeRangeOptions
    @Flag(help: "Every transition, in order.") var timeline = false
    @OptionGroup var data: DataOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "One JSON object.") var json = false

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let catalog = try catalog.load()
        let wanted = try wanted(catalog)
        let range = try times.range(now: rendering.now, zone: rendering.clock.zone)
        var report = RuleReplayReport(rules: wanted, range: range)
        var stored = try StoredReplay(
            wanted,
            on: try reader.registry(
                profiles: catalog.profiles, devices: catalog.devices, wards: catalog.wards),
            catalog, reader, knowing: range.lowerBound)
        try stored.run(through: range.upperBound) { events, at in
            guard at >= range.lowerBound else { return }
            for event in events { report.add(event, at: at) }
        }
        report.readings = stored.replay.readings
        return json ? try JSONText.document(report.answer) : report.text(rendering, timeline: timeline)
    }

    private func wanted(_ catalog: Catalog) throws -> [AlertRule] {
        guard !rules.isEmpty else { return catalog.rules }
        return try rules.map { name in
            guard let rule = catalog.rules.first(where: { $0.name == name }) else {
                let closest = ClosestNames.find(name, among: catalog.rules.map(\.name))
                throw CommandError(
                    "there is no rule \(name); the closest are \(closest.joined(separator: ", "))")
            }
            return rule
        }
    }
}
