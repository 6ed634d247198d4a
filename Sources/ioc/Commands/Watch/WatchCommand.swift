import ArgumentParser
import Foundation
import Telemetry

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "The live stream of alerts.",
        discussion: """
            On a terminal a screen of what is open: q quits, the arrows select, a acknowledges, t changes the language.
            In a pipe, or with --line, a line for every change; with --json the service's own object for every change.
            If the service goes away it is waited for, and the stream goes on where it was cut.

              ioc watch --priority critical
              ioc watch --json | jq -r '.device'
            """)

    @OptionGroup var service: ServiceOptions
    @OptionGroup var filter: AlertFilterOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var operatorOptions: OperatorOptions

    @Flag(help: "A JSON object for every change, as it came.") var json = false
    @Flag(help: "A line for every change, on a terminal too.") var line = false
    @Flag(help: "No bell at a new alert.") var noBell = false

    func run() async throws {
        do {
            let clock = LocalTime.ofCity(dataDirectory: service.dataDir, now: SystemClock.now())
            let isScreen = Terminal.standardOutput().canBePositioned && !json && !line
            try await ServiceClient.with(service, language.language) { client in
                if isScreen {
                    try await WatchSession(
                        client: client, filter: filter.query, operatorName: operatorOptions.known,
                        ringsBell: !noBell,
                        clock: clock
                    ).run()
                } else {
                    let rendering = Rendering.standardOutput(
                        language.language, zone: clock.zone, now: SystemClock.now())
                    try await WatchLines(
                        client: client, filter: filter.query, isJSON: json, rendering: rendering
                    ).run()
                }
            }
        } catch {
            throw Failure.exit(error)
        }
    }
}
