import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry

/// Who does something to an alert, and why: the body of a command.
struct OperatorRemark: Sendable {
    var operatorName: String
    var comment: String?

    /// Whether it says why.
    var hasReason: Bool { comment?.contains { !$0.isWhitespace } == true }

    private static let shape = "expected {\"operator\": \"…\", \"comment\": \"…\"} with texts"

    init(_ request: Request) async throws {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: ConsoleLimits.body)
        } catch is NIOTooManyBytesError {
            throw Fault(
                .contentTooLarge,
                Title(
                    vi: "body: lớn hơn \(ConsoleLimits.body) byte; hãy viết ghi chú ngắn hơn",
                    en: "body: is larger than \(ConsoleLimits.body) bytes; shorten the comment"))
        }
        try self.init(body.readableBytesView)
    }

    init(_ bytes: some Sequence<UInt8>) throws(Fault) {
        guard let fields = try? JSONDecoder().decode([String: String?].self, from: Data(bytes)) else {
            throw .badRequest("body: \(Self.shape)")
        }
        if let unknown = fields.keys.filter({ $0 != "operator" && $0 != "comment" }).min() {
            throw .badRequest("\(unknown): unknown key; \(Self.shape)")
        }
        operatorName = (fields["operator"] ?? nil) ?? ""
        comment = fields["comment"] ?? nil
        guard (1...64).contains(operatorName.count), !operatorName.allSatisfy(\.isWhitespace),
            !operatorName.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw .badRequest(
                vi: "operator: cần một tên dài 1 đến 64 ký tự",
                en: "operator: expected a name of 1 to 64 characters")
        }
        guard comment?.count ?? 0 <= 500 else {
            throw .badRequest(
                vi: "comment: dài hơn 500 ký tự; hãy viết ngắn hơn",
                en: "comment: is longer than 500 characters; shorten it")
        }
    }
}
