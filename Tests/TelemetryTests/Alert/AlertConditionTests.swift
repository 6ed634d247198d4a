import Testing

@testable import Telemetry

@Suite("Conditions of several thresholds")
struct AlertConditionTests {
    private func term(_ name: String) -> AlertCondition {
        .threshold(measurement: name, window: nil, limit: .above(0, clear: 0))
    }

    @Test(
        "what is not known decides nothing, unless the others do without it",
        arguments: [
            ([true, true], true, true), ([true, false], false, true), ([false, false], false, false),
            ([true, nil], nil, true), ([false, nil], false, nil), ([nil, nil], nil, nil),
        ] as [([Bool?], Bool?, Bool?)])
    func threeValues(_ known: [Bool?], _ all: Bool?, _ any: Bool?) {
        for order in [known, known.reversed()] {
            #expect(AlertCondition.all([term("a"), term("b")]).holds { order[$0] } == all)
            #expect(AlertCondition.any([term("a"), term("b")]).holds { order[$0] } == any)
        }
    }

    @Test("thresholds are counted in the order in which they are written, also where they are nested")
    func nested() {
        let condition = AlertCondition.all([.any([term("a"), term("b")]), term("c")])
        #expect(condition.thresholds.map(\.signal.measurement) == ["a", "b", "c"])
        let known: [Bool?] = [nil, true, true]
        #expect(condition.holds { known[$0] } == true)
        let other: [Bool?] = [true, nil, false]
        #expect(condition.holds { other[$0] } == false)
    }
}
