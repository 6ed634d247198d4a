import ArgumentParser
import Console
import Store
import Telemetry

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "One screen: broker, rates, what is safe, losses, devices, open alerts.",
        discussion: """
            Asks the running service. If it does not answer, that is said, what the database knows is shown, and the exit
            code is 1.

              ioc status
              ioc status --json | jq '.safe_up_to_ms'
            """)

    @OptionGroup var service: ServiceOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/status gives it.") var json = false

    func run() async throws {
        do {
            try await ask()
        } catch let failure as ServiceFailure {
            Failure.say(failure.description)
            do { try showStored() } catch { Failure.say("\(error)") }
            throw ExitStatus.runtime
        } catch {
            throw Failure.exit(error)
        }
    }

    private func ask() async throws {
        try await ServiceClient.with(service, language.language) { client in
            let body = try await client.get("/api/v1/status")
            let answer: StatusAnswer = try client.decode(body)
            let clock = LocalTime.ofCity(dataDirectory: service.dataDir, now: answer.nowMs)
            let rendering = Rendering.standardOutput(language.language, zone: clock.zone, now: answer.nowMs)
            if json {
                StandardOutput.line(String(decoding: body, as: UTF8.self))
            } else {
                StandardOutput.write(StatusReport(rendering).text(answer, service: service.base))
            }
        }
    }

    private func showStored() throws {
        let reader = try StoreReader.open(service.dataDir, language.language)
        let stored = try StoredStatus(reader, directory: service.dataDir)
        let rendering = Rendering.standardOutput(language.language, zone: reader.zone, now: SystemClock.now())
        StandardOutput.write(try json ? JSONText.document(stored) : StatusReport(rendering).text(stored))
    }
}
