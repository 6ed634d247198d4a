import Store

/// What an operator does to an alert, over HTTP.
enum OperatorAction: Sendable, Equatable {
    case acknowledge
    case unacknowledge
    case shelve(minutes: Int, isOneShot: Bool)
    case unshelve
    case reset

    private var word: String {
        switch self {
        case .acknowledge: "ack"
        case .unacknowledge: "unack"
        case .shelve: "shelve"
        case .unshelve: "unshelve"
        case .reset: "reset"
        }
    }

    private var parameters: ServiceClient.Parameters {
        guard case .shelve(let minutes, let isOneShot) = self else { return [] }
        return [("minutes", "\(minutes)"), ("once", "\(isOneShot)")]
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
            "/api/v1/alerts/\(alert)/\(word)", parameters,
            body: Remark(operator: operatorName, comment: comment))
    }
}
