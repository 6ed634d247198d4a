import ArgumentParser
import Store
import Telemetry

/// What `out-of-service` and `in-service` take: a rule on what it is on, whether or not there is an alert.
struct AlertServiceOptions: ParsableArguments {
    @Argument(help: "The rule.") var rule: String
    @Argument(help: "The device, or the group like `ward:phu-hoi`.") var scope: String
    @OptionGroup var operatorOptions: OperatorOptions
    @Option(help: "Why, for those who read the history.") var comment: String?
    @OptionGroup var service: ServiceOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "The alert as JSON.") var json = false

    func carryOut(_ word: String) async throws {
        do {
            let remark = OperatorAction.Remark(operator: try operatorOptions.name(), comment: comment)
            try await ServiceClient.with(service, language.language) { client in
                let answer = try await client.post("/api/v1/rules/\(rule)/\(scope)/\(word)", remark)
                let alert: AlertAnswer = try client.decode(answer)
                StandardOutput.line(json ? String(decoding: answer, as: UTF8.self) : sentence(alert))
            }
        } catch {
            throw Failure.exit(error)
        }
    }

    private func sentence(_ alert: AlertAnswer) -> String {
        "\(alert.rule), \(alert.device): \(AlertState.spoken(alert.state, language.language))"
    }
}
