import ArgumentParser
import AsyncHTTPClient
import Catalog
import Foundation
import Telemetry

struct NotificationsTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Sends one test message to a receiver now, and says what it answered.",
        discussion: """
            Past quiet hours and limits, without the service and without the database. Exit code 1 if it did not get there.

              ioc notifications test duty-officer
            """)

    @Argument(help: "A receiver of receivers.yaml.") var receiver: String
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var language: LanguageOptions

    func run() async throws {
        // A program that ends without reading what it is given must not end this one.
        signal(SIGPIPE, SIG_IGN)
        do {
            let catalog = try catalogOptions.load()
            guard let found = catalog.receivers.first(where: { $0.name == receiver }) else {
                throw unknown(among: catalog.receivers.map(\.name))
            }
            try found.checkFiles()
            let message = try NotificationWriter(catalog).test(to: found, at: SystemClock.now())
            let http = WebhookDelivery.client()
            let answer: Result<String, any Error>
            do {
                answer = .success(try await found.delivery(http).deliver(message))
            } catch {
                answer = .failure(error)
            }
            try? await http.shutdown()
            StandardOutput.line("\(receiver): \(try answer.get())")
        } catch let failure as DeliveryFailure {
            throw Failure.exit(CommandError("\(receiver): \(failure)"))
        } catch {
            throw Failure.exit(error)
        }
    }

    private func unknown(among names: [String]) -> CommandError {
        let hint = Spelling.suggestion(receiver, names)
        let all = names.joined(separator: ", ")
        return CommandError(
            language.language(
                vi:
                    "\(receiver): không có nơi nhận này trong receivers.yaml, có: \(names.isEmpty ? "–" : all)\(hint.vi)",
                en:
                    "\(receiver): there is no such receiver in receivers.yaml; it has: \(names.isEmpty ? "none" : all)\(hint.en)"
            ))
    }
}
