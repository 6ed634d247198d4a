import ArgumentParser
import Store
import Telemetry

/// What `ack`, `shelve` and the like take, and how they tell what became of it.
struct AlertActionOptions: ParsableArguments {
    @Argument(help: "The alert's id, as `ioc alerts list` shows it.") var id: Int64
    @OptionGroup var call: ServiceActionOptions

    func carryOut(_ action: OperatorAction) async throws {
        try await call.carryOut { client, remark in
            try await action.send(
                client, alert: id, operatorName: remark.operator, comment: remark.comment)
        } sentence: { (event: AlertEventAnswer, language) in
            let states = [event.fromState, event.toState].map { AlertState.spoken($0, language) }
            let alert = language(vi: "cảnh báo", en: "alert")
            return
                "\(alert) \(event.alert) (\(event.rule), \(event.device)): \(states.joined(separator: " → "))"
        }
    }
}
