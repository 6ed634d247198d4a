import ArgumentParser
import Store
import Telemetry

/// What `ack` and `unack` take, and how they tell what became of it.
struct AlertActionOptions: ParsableArguments {
    @Argument(help: "The alert's id, as `ioc alerts list` shows it.") var id: Int64
    @OptionGroup var operatorOptions: OperatorOptions
    @Option(help: "Why, for those who read the history.") var comment: String?
    @OptionGroup var service: ServiceOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "The stored transition as JSON.") var json = false

    func carryOut(_ action: OperatorAction) async throws {
        do {
            let name = try operatorOptions.name()
            try await ServiceClient.with(service, language.language) { client in
                let answer = try await action.send(client, alert: id, operatorName: name, comment: comment)
                let event: AlertEventAnswer = try client.decode(answer)
                StandardOutput.line(json ? String(decoding: answer, as: UTF8.self) : sentence(event))
            }
        } catch {
            throw Failure.exit(error)
        }
    }

    func sentence(_ event: AlertEventAnswer) -> String {
        let language = language.language
        let states = [event.fromState, event.toState].map { AlertState.spoken($0, language) }.joined(
            separator: " → ")
        let alert = language(vi: "cảnh báo", en: "alert")
        return "\(alert) \(event.alert) (\(event.rule), \(event.device)): \(states)"
    }
}
