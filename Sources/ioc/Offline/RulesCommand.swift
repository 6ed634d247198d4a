import ArgumentParser
import Catalog
import Telemetry

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Works on alert rules.",
        subcommands: [RulesTestCommand.self, RulesReplayCommand.self])
}

struct RulesTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the unit tests of alert rules through the engine that runs live.",
        discussion: """
            Without files all tests beside the rules are run. Exit code 1 if one fails.

              ioc rules test config/alerts/mydomain.test.yaml
            """)

    @Argument(help: "Test files; default: all.") var files: [String] = []
    @OptionGroup var options: CatalogOptions

    /// - Throws: `ServiceFault` if one of the files has none.
    static func tests(of files: [String], among all: [RuleTest]) throws -> [RuleTest] {
        func isTest(_ test: RuleTest, of file: String) -> Bool { test.place.hasPrefix(file + ":") }
        let without = files.filter { file in !all.contains { isTest($0, of: file) } }
        guard without.isEmpty, !all.isEmpty else {
            let place = without.isEmpty ? "" : " in " + without.joined(separator: ", ")
            throw ServiceFault("no rule tests\(place); see docs/alert-rules.md")
        }
        return files.isEmpty ? all : all.filter { test in files.contains { isTest(test, of: $0) } }
    }

    func run() throws {
        do {
            let catalog = try options.load()
            let tests = try Self.tests(of: files, among: catalog.ruleTests)
            let runner = catalog.ruleTestRunner
            var failed = 0
            for test in tests {
                let failures = runner.run(test)
                if !failures.isEmpty { failed += 1 }
                for failure in failures {
                    print("\(failure.place): test \"\(test.name)\": \(failure.message)")
                }
            }
            print("\(tests.count - failed) passed, \(failed) failed")
            if failed > 0 { throw ExitStatus.runtime }
        } catch {
            throw Failure.exit(error)
        }
    }
}
