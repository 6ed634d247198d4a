import HTTPTypes
import Hummingbird
import HummingbirdCore
import Store

extension Response {
    /// JSON of many rows. What fits into a piece goes out whole; of what is longer the next piece is read while the client takes the
    /// one before, and no further, so that slow clients cost no more than two pieces.
    static func json(
        _ reads: StoreReads, _ prepare: @escaping @Sendable (StoreReader) throws -> AnswerDocument
    ) async throws -> Response {
        let (first, begun) = try await reads.long { reader in
            var document = try prepare(reader)
            return (try document.piece(reader, ByteBuffer.init(bytes:)), document)
        }
        let body =
            begun.isDone
            ? ResponseBody(byteBuffer: first)
            : ResponseBody { writer in
                var (piece, document) = (first, begun)
                while !document.isDone {
                    let before = document
                    async let next = next(before, reads)
                    try await writer.write(piece)
                    (piece, document) = try await next
                }
                try await writer.write(piece)
                try await writer.finish(nil)
            }
        return Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: body)
    }

    private static func next(_ document: AnswerDocument, _ reads: StoreReads) async throws -> (
        ByteBuffer, AnswerDocument
    ) {
        try await reads.long { reader in
            var document = document
            return (try document.piece(reader, ByteBuffer.init(bytes:)), document)
        }
    }
}
