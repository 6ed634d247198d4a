import HTTPTypes
import Hummingbird
import Store
import Telemetry

/// Windows and raw readings of series.
struct ValueRoutes: Sendable {
    let reads: StoreReads
    let now: @Sendable () -> Int64

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, "/api/v1/rollups", to: router) { request, _ in try await rollups(request) }
        Routes.add(.get, "/api/v1/readings", to: router) { request, _ in try await readings(request) }
    }

    private func rollups(_ request: Request) async throws -> Response {
        let query = try QueryParameters(
            request,
            known: [
                "series", "domain", "ward", "device", "measurement", "tier", "from", "to", "field", "form",
                "limit",
            ])
        let tier = try query.word("tier", of: Tier.allCases.map(\.name)).flatMap(Tier.init(name:)) ?? .hour
        let range = try TimeRange(query, now: now())
        let fields = try query.words("field", of: RollupField.allCases.map(\.rawValue)).compactMap(
            RollupField.init)
        let form = try query.word("form", of: ["rows", "columns"]).flatMap(AnswerForm.init) ?? .rows
        let limit = try query.number("limit", in: 1...ConsoleLimits.windows) ?? ConsoleLimits.windows
        let choice = try SeriesChoice(query)
        return try await .json(reads) { reader in
            .rollups(
                try choice.series(reader), tier: tier, range: range.from..<range.to, fields: fields,
                form: form, limit: limit, zone: reader.zone)
        }
    }

    private func readings(_ request: Request) async throws -> Response {
        let query = try QueryParameters(request, known: ["series", "from", "to", "limit"])
        let range = try TimeRange(query, now: now())
        let names = try SeriesChoice.names(query)
        let limit = try query.number("limit", in: 1...ConsoleLimits.rows) ?? ConsoleLimits.rows
        // One series after the other, `limit` in all.
        let found = try await reads.long { reader in
            var found: [ReadingAnswer] = []
            for name in names {
                _ = try SeriesChoice.known(name, reader)
                // One more than asked for tells whether there is more.
                if found.count <= limit {
                    found += try reader.readings(
                        name, from: range.from, to: range.to, limit: limit + 1 - found.count)
                }
            }
            return found
        }
        return try .json(
            ReadingsAnswer(
                fromMs: range.from, toMs: range.to, readings: Array(found.prefix(limit)),
                truncated: found.count > limit))
    }
}
