import ArgumentParser
import AsyncHTTPClient
import Catalog
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

    func run() async throws {
        do {
            let catalog = try catalogOptions.load()
            guard let found = catalog.receivers.first(where: { $0.name == receiver }) else {
                let names = catalog.receivers.map(\.name).joined(separator: ", ")
                throw CommandError(
                    "\(receiver): there is no such receiver in receivers.yaml; it has: \(names.isEmpty ? "none" : names)"
                )
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
}
