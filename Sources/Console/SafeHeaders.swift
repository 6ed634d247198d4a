import HTTPTypes
import Hummingbird

/// Says on every answer that it is of the moment and what it says it is. There is no CORS on purpose: pages of other
/// origins have no business here.
struct SafeHeaders<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}
