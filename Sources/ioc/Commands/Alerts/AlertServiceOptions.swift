import ArgumentParser
import Store
import Telemetry

/// What `out-of-service` and `in-service` take: a rule on what it is on, whether or not there is an alert.
struct AlertServiceOptions: ParsableArguments {
    @Argument(help: "The rule.") var rule: String
    @Argument(help: "The device, or the group like `ward:phu-hoi`.") var scope: String
    @OptionGroup var call: ServiceActionOptions

    func carryOut(_ word: String) async throws {
        try await call.carryOut { client, remark in
            try await client.post("/api/v1/rules/\(rule)/\(scope)/\(word)", body: remark)
        } sentence: { (alert: AlertAnswer, language) in
            "\(alert.rule), \(alert.device): \(AlertState.spoken(alert.state, language))"
        }
    }
}
