import ArgumentParser

/// What every command that has the running service do something takes, besides what it is done to.
struct ServiceActionOptions: ParsableArguments {
    @OptionGroup var operatorOptions: OperatorOptions
    @Option(help: "Why, for those who read the history.") var comment: String?
    @OptionGroup var service: ServiceOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "What was stored, as JSON.") var json = false

    /// Whether it says why.
    var hasReason: Bool { comment?.contains { !$0.isWhitespace } == true }

    /// Sends it in the operator's name, and prints what the service answers.
    func carryOut<Answer: Decodable>(
        _ send: (ServiceClient, OperatorAction.Remark) async throws -> [UInt8],
        sentence: (Answer, Language) -> String
    ) async throws {
        do {
            let remark = OperatorAction.Remark(operator: try operatorOptions.name(), comment: comment)
            try await ServiceClient.with(service, language.language) { client in
                let answer = try await send(client, remark)
                let found: Answer = try client.decode(answer)
                StandardOutput.line(
                    json ? String(decoding: answer, as: UTF8.self) : sentence(found, language.language))
            }
        } catch {
            throw Failure.exit(error)
        }
    }
}
