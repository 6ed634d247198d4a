import ArgumentParser
import Telemetry

struct AlertsShelveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shelve", abstract: "Sets an alert aside for a time, with a reason.",
        discussion: """
            It goes on being evaluated, but is in no list of open alerts; `ioc alerts list --hidden` shows it. It comes back
            by itself after at most 12h, and the stream tells so 10 minutes before. Shelving it again sets another end.
            Over the running service; returns once it is stored. Exit code 1 if the alert cannot be shelved.

              ioc alerts shelve 17 --for 2h --comment "the sensor is being replaced"
              ioc alerts shelve 17 --once --comment "known, ends with the road works"
            """)

    @OptionGroup var action: AlertActionOptions
    @Option(name: .customLong("for"), help: "How long: whole minutes, 1m to 12h.", transform: span)
    var length = Span.hour
    @Flag(help: "Until the condition goes, if that is sooner.") var once = false

    func validate() throws {
        guard action.call.hasReason else {
            throw UsageFault.of(
                vi: "vì sao gác cảnh báo? Hãy nói bằng --comment",
                en: "why is it set aside? Say so with --comment")
        }
    }

    func run() async throws {
        try await action.carryOut(.shelve(minutes: Int(length / Span.minute), isOneShot: once))
    }

    @Sendable private static func span(_ text: String) throws -> Milliseconds {
        guard let length = Span.parse(text), (Span.minute...AlertShelf.longest).contains(length),
            length % Span.minute == 0
        else {
            throw UsageFault.of(
                vi: "\(text): cần số phút nguyên, từ 1m đến 12h",
                en: "\(text): expected whole minutes, 1m to 12h")
        }
        return length
    }
}
