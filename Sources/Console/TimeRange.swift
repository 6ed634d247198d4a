import Telemetry

/// `[from, to)` as a request names it; the last 24 hours if it does not.
struct TimeRange: Sendable, Equatable {
    var from: Milliseconds
    var to: Milliseconds

    init(_ query: QueryParameters, now: Milliseconds) throws(Fault) {
        to = try Self.moment("to", query, now) ?? now
        from = try Self.moment("from", query, now) ?? to - Span.day
        guard from < to else { throw .badRequest("from: must be before to; swap them") }
    }

    static func moment(_ name: String, _ query: QueryParameters, _ now: Milliseconds) throws(Fault)
        -> Milliseconds?
    {
        guard let text = try query.text(name) else { return nil }
        if let time = Civil.unix(text) { return time }
        if text.hasPrefix("-"), let span = Span.parse(String(text.dropFirst())) { return now - span }
        if let time = ISO8601.parse(text) { return time }
        throw .badRequest(
            """
            \(name): expected Unix milliseconds, a time with its zone like 2026-01-05T08:00:00+07:00, \
            or a span before now like -1h, found "\(text)"
            """)
    }
}
