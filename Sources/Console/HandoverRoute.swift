import HTTPTypes
import Hummingbird
import Store
import Telemetry

/// What a shift leaves to the next, as JSON, text or a page.
struct HandoverRoute: Sendable {
    let reads: StoreReads
    let now: @Sendable () -> Int64
    let write: @Sendable (Handover, ConsoleSources.HandoverForm) -> String

    static let path = "/api/v1/alerts/handover"

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, Self.path, to: router) { request, _ in try await handover(request) }
    }

    private func handover(_ request: Request) async throws -> Response {
        let query = try QueryParameters(
            request, known: ["since", "until", "domain", "ward", "lang", "format"])
        let time = now()
        let end = try TimeRange.moment("until", query, time) ?? time
        let start = try TimeRange.moment("since", query, end) ?? end - 8 * Span.hour
        guard start < end else { throw Fault.badRequest("since: must be before until; swap them") }
        let domain = try query.text("domain")
        let ward = try query.text("ward")
        let language = try query.word("lang", of: ["vi", "en"]) ?? "vi"
        let format = try query.word("format", of: ["json", "text", "html"]) ?? "json"
        let found = try await reads.long {
            try $0.check(domain: domain, ward: ward)
            return try $0.handover(of: start..<end, domain: domain, ward: ward, at: time)
        }
        if format == "json" { return try .json(found) }
        let text = write(found, .init(language: language, isPage: format == "html"))
        return .text(text, type: format == "html" ? "text/html; charset=utf-8" : "text/plain; charset=utf-8")
    }
}
