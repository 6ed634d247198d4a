import ArgumentParser
import Store
import Telemetry

/// A command that reads the database, whether or not the service runs, and writes one text.
protocol StoreCommand: ParsableCommand {
    var data: DataOptions { get }
    var language: LanguageOptions { get }

    /// All that goes to standard output.
    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String
}

extension StoreCommand {
    func run() throws {
        do {
            let reader = try data.reader(language.language)
            let rendering = Rendering.standardOutput(
                language.language, zone: reader.zone, now: SystemClock.now())
            StandardOutput.write(try text(reader, rendering))
        } catch let fault as any OperatorFault {
            throw Failure.exit(CommandError(fault.sentence[language.language]))
        } catch {
            throw Failure.exit(error)
        }
    }
}
