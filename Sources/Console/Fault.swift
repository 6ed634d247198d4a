import HTTPTypes
import Hummingbird
import Telemetry

/// A request that is not answered as asked.
struct Fault: Error, Sendable {
    var status: HTTPResponse.Status
    /// What, where, and what to do; what only those read who write programs is in English.
    var sentence: Title
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ sentence: String, headers: HTTPFields = [:]) {
        self.init(status, Title(vi: sentence, en: sentence), headers: headers)
    }

    init(_ status: HTTPResponse.Status, _ sentence: Title, headers: HTTPFields = [:]) {
        self.status = status
        self.sentence = sentence
        self.headers = headers
    }

    static func badRequest(_ sentence: String) -> Fault { Fault(.badRequest, sentence) }
    static func badRequest(vi: String, en: String) -> Fault { Fault(.badRequest, Title(vi: vi, en: en)) }

    /// An operator's command could not be stored, or not yet.
    /// - Parameter subject: what it was done to.
    static func stuck(_ subject: Title, _ refusal: ConsoleSources.Refusal) -> Fault {
        let outcome =
            refusal == .undecided
            ? Title(
                vi: "lệnh có thể vẫn được lưu khi kho chạy lại, hãy xem trước khi thử lại",
                en: "it may still be done when that works again, so look before you try again")
            : Title(vi: "chưa thay đổi gì; hãy thử lại", en: "nothing was changed; try again")
        return Fault(
            .serviceUnavailable,
            Title(
                vi: "\(subject.vi): bộ lưu trữ đang kẹt, \(outcome.vi)",
                en: "\(subject.en): the storage is stuck, \(outcome.en)"),
            headers: [.retryAfter: "5"])
    }

    /// - Parameter seconds: after which the client may try again.
    static func unavailable(_ sentence: String, retryAfter seconds: Int) -> Fault {
        Fault(.serviceUnavailable, sentence, headers: [.retryAfter: "\(seconds)"])
    }
}
