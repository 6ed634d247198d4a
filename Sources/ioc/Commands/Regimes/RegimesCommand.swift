import ArgumentParser

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
    @OptionGroup var operatorOptions: OperatorOptions
    @Option(help: "Why, for those who read the history.") var comment: String?
    @OptionGroup var service: ServiceOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "The switch as JSON.") var json = false

    func carryOut(_ word: String) async throws {
        do {
            let remark = OperatorAction.Remark(operator: try operatorOptions.name(), comment: comment)
            try await ServiceClient.with(service, language.language) { client in
                let answer = try await client.post("/api/v1/regimes/\(regime)/\(word)", remark)
                let state =
                    word == "on"
                    ? language.language(vi: "bật", en: "on") : language.language(vi: "tắt", en: "off")
                StandardOutput.line(json ? String(decoding: answer, as: UTF8.self) : "\(regime): \(state)")
            }
        } catch {
            throw Failure.exit(error)
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
