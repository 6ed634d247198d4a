import HTTPTypes
import Hummingbird
import Telemetry

/// Answers faults, ours and Hummingbird's, with a sentence in JSON.
struct FaultAnswers<Context: RequestContext>: RouterMiddleware {
    private struct Body: Encodable {
        var error: String
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let isVietnamese = request.uri.queryParameters["lang"] == "vi"
        do {
            return try await next(request, context)
        } catch let fault as Fault {
            return try Self.response(fault, isVietnamese: isVietnamese)
        } catch let fault as any OperatorFault {
            return try Self.response(Fault(.notFound, fault.sentence), isVietnamese: isVietnamese)
        } catch let error as any HTTPResponseError where error.status == .notFound {
            return try Self.response(
                Fault(
                    .notFound, "\(request.uri.path): no such path; those of the console begin with /api/v1/"))
        } catch let error as any HTTPResponseError {
            return try Self.response(Fault(error.status, "\(request.uri.path): \(error.status.reasonPhrase)"))
        }
        // What is left is of the connection itself: Hummingbird closes it.
    }

    private static func response(_ fault: Fault, isVietnamese: Bool = false) throws -> Response {
        let sentence = isVietnamese ? fault.sentence.vi : fault.sentence.en
        var response = try Response.json(Body(error: sentence), status: fault.status)
        response.headers.append(contentsOf: fault.headers)
        return response
    }
}
