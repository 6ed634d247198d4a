import FoundationEssentials
import HTTPTypes
import Hummingbird
import Store

extension Response {
    static func json(_ answer: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let data = try AnswerCoding.encoder.encode(answer)
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
