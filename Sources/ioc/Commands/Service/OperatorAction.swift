import Store

/// What an operator does to an alert, over HTTP.
enum OperatorAction: Sendable, Equatable {
    case acknowledge
    case unacknowledge
    case shelve(minutes: Int, isOneShot: Bool)
    case unshelve
    case reset

    private var path: String {
        switch self {
        case .acknowledge: "ack"
        case .unacknowledge: "unack"
        case .shelve(let minutes, let isOneShot): "shelve?minutes=\(minutes)&once=\(isOneShot)"
        case .unshelve: "unshelve"
        case .reset: "reset"
        }
    }

    /// The service speaks English.
    private func refusal(_ status: Int, _ alert: Int64) -> String? {
        switch (status, self) {
        case (404, _): "cảnh báo \(alert): không có; `ioc alerts list --all` liệt kê tất cả"
        case (409, .acknowledge): "cảnh báo \(alert): chỉ tiếp nhận được cảnh báo chưa nhận hoặc đã hết"
        case (409, .unacknowledge): "cảnh báo \(alert): chỉ bỏ tiếp nhận được cảnh báo đã nhận"
        case (409, .shelve): "cảnh báo \(alert): chỉ gác được cảnh báo chưa nhận, đã nhận hoặc đang gác"
        case (409, .unshelve): "cảnh báo \(alert): chỉ thôi gác được cảnh báo đang gác"
        case (409, .reset): "cảnh báo \(alert): chỉ đặt lại được cảnh báo chờ đặt lại"
        case (503, _): "cảnh báo \(alert): dịch vụ đang bận, chưa thay đổi gì; hãy thử lại"
        default: nil
        }
    }

    /// Who says so, and why: the body of every command.
    struct Remark: Encodable {
        var `operator`: String
        var comment: String?
    }

    /// - Returns: the transition as JSON, once it is durable.
    func send(_ client: ServiceClient, alert: Int64, operatorName: String, comment: String?) async throws
        -> [UInt8]
    {
        do {
            return try await client.post(
                "/api/v1/alerts/\(alert)/\(path)", Remark(operator: operatorName, comment: comment))
        } catch let failure as ServiceFailure {
            guard client.language == .vi, case .refused(let status, _) = failure.kind,
                let sentence = refusal(status, alert)
            else { throw failure }
            throw client.failure(.refused(status: status, sentence: sentence))
        }
    }
}
