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

    func run() throws {
        do {
            let catalog = try options.load()
            let tests = catalog.ruleTests.filter { test in
                files.isEmpty || files.contains { test.place.hasPrefix($0 + ":") }
            }
            if tests.isEmpty {
                throw ServiceFault(
                    "no rule tests in \(files.joined(separator: ", ")); see docs/alert-rules.md")
            }
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
