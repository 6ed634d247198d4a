import ArgumentParser
import Store

struct RegimesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regimes",
        abstract: "Situations that change what rules say, such as a storm: which are on, and switching them.",
        discussion: """
              ioc regimes
              ioc regimes on storm --comment "storm warning of 14:00"
              ioc regimes off storm
            """,
        subcommands: [RegimesListCommand.self, RegimesOnCommand.self, RegimesOffCommand.self],
        defaultSubcommand: RegimesListCommand.self)
}

/// What `on` and `off` take.
struct RegimeOptions: ParsableArguments {
    @Argument(help: "The regime, as config/calendars.yaml names it.") var regime: String
    @OptionGroup var call: ServiceActionOptions

    func carryOut(_ word: String) async throws {
        try await call.carryOut { client, remark in
            try await client.post("/api/v1/regimes/\(regime)/\(word)", body: remark)
        } sentence: { (answer: RegimeAnswer, language) in
            let state = answer.isOn ? language(vi: "bật", en: "on") : language(vi: "tắt", en: "off")
            return "\(answer.regime): \(state)"
        }
    }
}

struct RegimesOnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "on", abstract: "Switches a regime on; rules that know it are judged anew at once.")

    @OptionGroup var options: RegimeOptions

    func run() async throws { try await options.carryOut("on") }
}

struct RegimesOffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Switches a regime off; rules that know it are judged anew at once.")

    @OptionGroup var options: RegimeOptions

    func run() async throws { try await options.carryOut("off") }
}
