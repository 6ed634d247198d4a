import HTTPTypes
import Hummingbird

/// A request that is not answered as asked.
struct Fault: Error, Sendable {
    var status: HTTPResponse.Status
    /// What, where, and what to do.
    var sentence: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ sentence: String, headers: HTTPFields = [:]) {
        self.status = status
        self.sentence = sentence
        self.headers = headers
    }

    static func badRequest(_ sentence: String) -> Fault { Fault(.badRequest, sentence) }

    /// - Parameter seconds: after which the client may try again.
    static func unavailable(_ sentence: String, retryAfter seconds: Int) -> Fault {
        Fault(.serviceUnavailable, sentence, headers: [.retryAfter: "\(seconds)"])
    }
}
