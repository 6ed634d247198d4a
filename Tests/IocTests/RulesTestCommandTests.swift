import Telemetry
import Testing

@testable import ioc

@Suite("`ioc rules test`")
struct RulesTestCommandTests {
    private let all = ["alerts/a.test.yaml:3", "alerts/a.test.yaml:9", "alerts/b.test.yaml:2"].map {
        RuleTest(name: $0, rule: "R", start: 0, series: [], expectations: [], place: $0)
    }

    private func names(_ files: String...) throws -> [String] {
        try RulesTestCommand.tests(of: files, among: all).map(\.name)
    }

    @Test("runs the tests of the files it is given, or all")
    func chosen() throws {
        #expect(try names().count == 3)
        #expect(try names("alerts/b.test.yaml") == ["alerts/b.test.yaml:2"])
        #expect(try names("alerts/b.test.yaml", "alerts/a.test.yaml").count == 3)
    }

    @Test("a file without tests is a mistake, also beside one that has some")
    func misspelt() {
        let error = #expect(throws: ServiceFault.self) {
            try names("alerts/a.test.yaml", "alerts/c.test.yaml")
        }
        #expect(error?.description == "no rule tests in alerts/c.test.yaml; see docs/alert-rules.md")
        #expect(throws: ServiceFault.self) { try RulesTestCommand.tests(of: [], among: []) }
    }
}
