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

    /// Who says so, and why: the body of every command.
    struct Remark: Encodable {
        var `operator`: String
        var comment: String?
    }

    /// - Returns: the transition as JSON, once it is durable.
    func send(_ client: ServiceClient, alert: Int64, operatorName: String, comment: String?) async throws
        -> [UInt8]
    {
        try await client.post(
            "/api/v1/alerts/\(alert)/\(path)", Remark(operator: operatorName, comment: comment))
    }
}
