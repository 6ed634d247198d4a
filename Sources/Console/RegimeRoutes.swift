import HTTPTypes
import Hummingbird
import Store
import Telemetry

/// Regimes: which are on, and switching them.
struct RegimeRoutes: Sendable {
    let reads: StoreReads
    let `switch`: @Sendable (RegimeSwitch) async -> Result<RegimeSwitch, ConsoleSources.Refusal>
    let names: KnownNames

    struct RegimesAnswer: Codable, Sendable {
        var regimes: [RegimeAnswer]
    }

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, "/api/v1/regimes", to: router) { request, _ in
            _ = try QueryParameters(request, known: [])
            return try .json(RegimesAnswer(regimes: try await reads.short { try $0.regimes() }))
        }
        for (word, isOn) in [("on", true), ("off", false)] {
            Routes.add(.post, "/api/v1/regimes/:regime/\(word)", to: router) { request, context in
                _ = try QueryParameters(ofOperator: request)
                let name = try Routes.name("regime", context)
                return try await change(name, isOn, try await OperatorRemark(request))
            }
        }
    }

    private func change(_ name: String, _ isOn: Bool, _ remark: OperatorRemark) async throws -> Response {
        try names.check(regime: name)
        let outcome = await `switch`(
            RegimeSwitch(
                regime: name, isOn: isOn, operatorName: remark.operatorName, comment: remark.comment))
        switch outcome {
        case .success(let change):
            return try .json(
                RegimeAnswer(
                    regime: change.regime, isOn: change.isOn, sinceMs: change.at,
                    operator: change.operatorName, comment: change.comment))
        case .failure(.notPossible):
            throw Fault(
                .conflict,
                Title(
                    vi: "chế độ \(name): \(isOn ? "đang bật" : "đang tắt") rồi",
                    en: "regime \(name): is \(isOn ? "on" : "off") already"))
        case .failure(let refusal):
            throw Fault.stuck(Title(vi: "chế độ \(name)", en: "regime \(name)"), refusal)
        }
    }
}
