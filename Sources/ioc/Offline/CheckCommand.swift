import ArgumentParser
import Catalog
import Foundation
import Telemetry

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates configuration, profiles, fleets and rules; runs all examples and rule tests.",
        discussion: """
            Every mistake is listed at once as FILE:LINE:COLUMN. Exit code 78 if there is any.

              ioc check --config config/ioc.yaml
            """)

    @OptionGroup var options: CatalogOptions
    @Flag(help: "One JSON object instead of text.") var json = false

    func run() throws {
        do {
            let catalog = try options.load()
            let faults = catalog.check()
            guard faults.isEmpty else { throw CatalogFaults(faults) }
            report(catalog)
        } catch let faults as CatalogFaults where json {
            let entries = faults.faults.map {
                ["file": $0.file, "line": "\($0.line)", "column": "\($0.column)", "message": $0.message]
            }
            print(
                String(
                    decoding: try JSONSerialization.data(
                        withJSONObject: ["mistakes": entries], options: .sortedKeys), as: UTF8.self))
            throw ExitStatus.configuration
        } catch {
            throw Failure.exit(error)
        }
    }

    private func report(_ catalog: Catalog) {
        let counts: [(String, Int)] = [
            ("wards", catalog.wards.count), ("profiles", catalog.profiles.count),
            ("library_profiles", catalog.library.count), ("devices", catalog.devices.count),
            ("rules", catalog.rules.count),
            ("examples", (catalog.profiles + catalog.library).reduce(0) { $0 + $1.examples.count }),
            ("rule_tests", catalog.ruleTests.count),
        ]
        if json {
            print("{" + counts.map { "\"\($0)\":\($1)" }.joined(separator: ",") + ",\"mistakes\":[]}")
        } else {
            print("sound: " + counts.map { "\($1) \($0.replacing("_", with: " "))" }.joined(separator: ", "))
        }
    }
}
