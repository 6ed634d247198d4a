import ArgumentParser
import Catalog
import Console
import Foundation
import Store
import Telemetry

struct RulesReplayCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "What rules would have said of stored history; reads the database.",
        discussion: """
            Every commit of the time goes through the engine that runs live, as far back as readings are kept; rules that
            look back over whole hours or days begin with the first whole one. Nothing is stored or sent. A draft is tried from
            a copy of the rules, named with --alerts; rules that are not enabled run, too.

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
        let registry = try reader.registry(
            profiles: catalog.profiles, devices: catalog.devices, wards: catalog.wards)
        var report = RuleReplayReport(rules: wanted, range: range)
        var said: [(event: AlertEvent, at: Milliseconds)] = []
        for part in try StoredReplay.parts(of: wanted, catalog, reader, knowing: range.lowerBound) {
            var stored = try StoredReplay(part, on: registry, catalog, reader, knowing: range.lowerBound)
            try stored.run(through: range.upperBound) { events, at in
                if at >= range.lowerBound { said += events.map { ($0, at) } }
            }
            report.note(part, from: stored.start, readings: stored.replay.readings)
        }
        for (event, at) in said.sorted(by: { $0.at < $1.at }) { report.add(event, at: at) }
        return json ? try JSONText.document(report.answer) : report.text(rendering, timeline: timeline)
    }

    private func wanted(_ catalog: Catalog) throws -> [AlertRule] {
        guard !rules.isEmpty else { return catalog.rules }
        return try rules.map { name in
            guard let rule = catalog.rules.first(where: { $0.name == name }) else {
                throw KnownNames(regimes: [], rules: catalog.rules.map(\.name)) { _ in nil }.unknown(
                    rule: name)
            }
            return rule
        }
    }
}
