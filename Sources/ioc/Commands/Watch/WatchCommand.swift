import ArgumentParser
import Foundation
import Telemetry

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "The live stream of alerts.",
        discussion: """
            On a terminal a screen of what is open: the arrows select, a acknowledges, s shelves, x explains, ? tells all keys.
            When alerts come faster than anybody can read, ten in ten minutes, they are shown in groups.
            In a pipe, or with --line, a line for everything new, and for the begin and the end of a flood; with --all a line for
            every change, with --json the service's own object for every change.
            If the service goes away it is waited for, and the stream goes on where it was cut.

              ioc watch --priority critical
              ioc watch --json | jq -r '.device'
            """)

    @OptionGroup var service: ServiceOptions
    @OptionGroup var filter: AlertFilterOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var operatorOptions: OperatorOptions

    @Flag(help: "A JSON object for every change, as it came.") var json = false
    @Flag(help: "A line for every change, in a flood too.") var all = false
    @Flag(help: "Lines instead of a screen, on a terminal too.") var line = false
    @Flag(help: "No bell at a new alert.") var noBell = false

    func run() async throws {
        do {
            let clock = LocalTime.ofCity(dataDirectory: service.dataDir, now: SystemClock.now())
            let isScreen = Terminal.standardOutput().canBePositioned && !json && !line && !all
            try await ServiceClient.with(service, language.language) { client in
                if isScreen {
                    try await WatchSession(
                        client: client,
                        filter: WatchFilter(
                            domain: filter.domain, ward: filter.ward, priority: filter.priority),
                        operatorName: operatorOptions.known, catalog: catalog,
                        ringsBell: !noBell,
                        clock: clock
                    ).run()
                } else {
                    let rendering = Rendering.standardOutput(
                        language.language, zone: clock.zone, now: SystemClock.now())
                    try await WatchLines(
                        client: client, filter: filter.query, isJSON: json, isAll: all || json,
                        rendering: rendering
                    ).run()
                }
            }
        } catch {
            throw Failure.exit(error)
        }
    }
}
