import HTTPTypes
import Hummingbird
import Store
import Telemetry

/// What operators do to alerts.
struct AlertCommandRoutes: Sendable {
    let reads: StoreReads
    let now: @Sendable () -> Int64
    let command: @Sendable (AlertCommand) async -> Result<AlertEvent, ConsoleSources.Refusal>
    let names: KnownNames

    func add(to router: Router<Routes.Context>) {
        for (word, action) in [
            ("ack", AlertCommand.Action.acknowledge), ("unack", .unacknowledge), ("unshelve", .unshelve),
            ("reset", .reset),
        ] {
            Routes.add(.post, "/api/v1/alerts/:id/\(word)", to: router) { request, context in
                _ = try QueryParameters(ofOperator: request)
                let remark = try await OperatorRemark(request)
                return try await carryOut(action, try AlertRoutes.id(context), remark)
            }
        }
        Routes.add(.post, "/api/v1/alerts/:id/shelve", to: router) { request, context in
            let query = try QueryParameters(ofOperator: request, known: ["minutes", "once"])
            let minutes = try query.number("minutes", in: 1...Int(AlertShelf.longest / Span.minute)) ?? 60
            let isOneShot = try query.flag("once") ?? false
            let remark = try await OperatorRemark(request)
            guard remark.hasReason else {
                throw Fault.badRequest(
                    vi: "comment: hãy nói vì sao gác cảnh báo",
                    en: "comment: say why the alert is set aside")
            }
            let until = now() + Int64(minutes) * Span.minute
            return try await carryOut(
                .shelve(until: until, isOneShot: isOneShot), try AlertRoutes.id(context), remark)
        }
        for (word, action) in [
            ("out-of-service", AlertCommand.Action.takeOutOfService), ("in-service", .putIntoService),
        ] {
            Routes.add(.post, "/api/v1/rules/:rule/:scope/\(word)", to: router) { request, context in
                _ = try QueryParameters(ofOperator: request)
                let remark = try await OperatorRemark(request)
                guard action == .putIntoService || remark.hasReason else {
                    throw Fault.badRequest(
                        vi: "comment: hãy nói vì sao ngừng dùng",
                        en: "comment: say why it is taken out of service")
                }
                return try await carryOut(
                    action, rule: try Routes.name("rule", context),
                    scope: try Routes.name("scope", context), remark)
            }
        }
    }

    /// Of a rule on a device or group, whether or not there is an alert.
    private func carryOut(
        _ action: AlertCommand.Action, rule: String, scope: String, _ remark: OperatorRemark
    ) async throws -> Response {
        try names.check(rule: rule, on: scope)
        let outcome = await command(
            AlertCommand(
                identity: AlertIdentity(rule: rule, scope: scope, onset: 0), action: action,
                operatorName: remark.operatorName, comment: remark.comment))
        switch outcome {
        case .success(let event):
            let found = try await reads.short { try $0.alert(event.identity) }
            guard let found else { throw UnknownAlert(id: "\(rule) \(scope)") }
            return try .json(found)
        case .failure(.notPossible):
            let isOut = action == .takeOutOfService
            throw Fault(
                .conflict,
                Title(
                    vi: "luật \(rule), \(scope): \(isOut ? "đã ngừng dùng" : "đang dùng") rồi",
                    en: "rule \(rule) on \(scope): is \(isOut ? "out of service" : "in service") already"))
        case .failure(let refusal):
            throw Fault.stuck(Title(vi: "luật \(rule)", en: "rule \(rule)"), refusal)
        }
    }

    private func carryOut(_ action: AlertCommand.Action, _ id: Int64, _ remark: OperatorRemark) async throws
        -> Response
    {
        let alert = try await reads.short { try $0.knownAlert(id: id) }
        let identity = AlertIdentity(rule: alert.rule, scope: alert.device, onset: alert.onsetMs)
        let outcome = await command(
            AlertCommand(
                identity: identity, action: action, operatorName: remark.operatorName, comment: remark.comment
            ))
        switch outcome {
        case .success(let event): return try .json(try await stored(event, id))
        case .failure(.notPossible): throw try await refusal(action, id)
        case .failure(let refusal):
            throw Fault.stuck(Title(vi: "cảnh báo \(id)", en: "alert \(id)"), refusal)
        }
    }

    /// The transition as the live streams carry it: with its id, which only the store knows.
    private func stored(_ event: AlertEvent, _ id: Int64) async throws -> AlertEventAnswer {
        let history = try await reads.short { try $0.history(ofAlert: id) }
        let found = history.last { stored in
            stored.toState == event.to.rawValue && stored.cause == event.cause.rawValue
                && stored.atMs == event.at
                && stored.operator == event.operatorName
        }
        guard let found else {
            throw Fault(
                .internalServerError,
                Title(
                    vi: "cảnh báo \(id): đã làm, nhưng chưa thấy trong kho; xem /api/v1/alerts/\(id)",
                    en: "alert \(id): it was done, but is not in the store; see /api/v1/alerts/\(id)"))
        }
        return found
    }

    private func refusal(_ action: AlertCommand.Action, _ id: Int64) async throws -> Fault {
        let state = try await reads.short { try $0.alert(id: id)?.state } ?? "unknown"
        let rule = action.requirement
        return Fault(
            .conflict,
            Title(vi: "cảnh báo \(id): \(rule.vi)", en: "alert \(id): is \(state); \(rule.en)"))
    }
}

extension AlertCommand.Action {
    /// Which alerts it can be done to.
    fileprivate var requirement: Title {
        switch self {
        case .acknowledge:
            Title(
                vi: "chỉ tiếp nhận được cảnh báo chưa nhận hoặc đã hết",
                en: "only an unacknowledged or returned one can be acknowledged")
        case .unacknowledge:
            Title(
                vi: "chỉ bỏ tiếp nhận được cảnh báo đã nhận", en: "only an acknowledged one can be taken back"
            )
        case .shelve:
            Title(
                vi: "chỉ gác được cảnh báo chưa nhận, đã nhận hoặc đang gác",
                en: "only an unacknowledged, acknowledged or shelved one can be shelved")
        case .unshelve:
            Title(vi: "chỉ thôi gác được cảnh báo đang gác", en: "only a shelved one can be unshelved")
        case .reset:
            Title(vi: "chỉ đặt lại được cảnh báo chờ đặt lại", en: "only a latched one can be reset")
        case .takeOutOfService:
            Title(vi: "đã ngừng dùng rồi", en: "it is out of service already")
        case .putIntoService: Title(vi: "đang dùng rồi", en: "it is in service")
        }
    }
}
