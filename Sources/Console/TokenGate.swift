import HTTPTypes
import Hummingbird

/// Lets in who shows the token.
struct TokenGate<Context: RequestContext>: RouterMiddleware {
    let token: AccessToken
    /// Here the token may also come as `?token=`: the EventSource of browsers cannot set headers. Nowhere else, because
    /// addresses end up in logs and histories.
    let pathWithQueryToken: String

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard isAllowed(request) else {
            throw Fault(
                .unauthorized,
                """
                \(request.uri.path): needs the header "Authorization: Bearer TOKEN" \
                with the token of the service's token file
                """,
                headers: [.wwwAuthenticate: "Bearer realm=\"ioc\""])
        }
        return try await next(request, context)
    }

    private func isAllowed(_ request: Request) -> Bool {
        if let shown = request.headers[.authorization] {
            let parts = shown.split(separator: " ", maxSplits: 1)
            return parts.count == 2 && parts[0].lowercased() == "bearer" && token.matches(parts[1])
        }
        guard request.uri.path == pathWithQueryToken else { return false }
        return request.uri.queryParameters["token"].map { token.matches($0) } ?? false
    }
}
