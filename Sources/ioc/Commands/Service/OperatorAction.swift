import Store

/// What an operator does to an alert, over HTTP.
enum OperatorAction: String, Sendable {
    case acknowledge = "ack"
    case unacknowledge = "unack"

    private struct Remark: Encodable {
        var `operator`: String
        var comment: String?
    }

    /// - Returns: the transition as JSON, once it is durable.
    func send(_ client: ServiceClient, alert: Int64, operatorName: String, comment: String?) async throws
        -> [UInt8]
    {
        try await client.post(
            "/api/v1/alerts/\(alert)/\(rawValue)", Remark(operator: operatorName, comment: comment))
    }
}
