import HTTPTypes
import Hummingbird
import Store
import Telemetry

/// What is known, what is silent, what was refused.
struct RegistryRoutes: Sendable {
    let reads: StoreReads

    func add(to router: Router<Routes.Context>) {
        Routes.add(.get, "/api/v1/series", to: router) { request, _ in try await series(request) }
        Routes.add(.get, "/api/v1/devices", to: router) { request, _ in try await devices(request) }
        Routes.add(.get, "/api/v1/rejects", to: router) { request, _ in try await rejects(request) }
    }

    private func series(_ request: Request) async throws -> Response {
        let query = try QueryParameters(
            request, known: ["domain", "ward", "device", "measurement", "field"])
        let filter = try SeriesFilter(query)
        let fields = try query.words("field", of: SeriesField.allCases.map(\.rawValue)).compactMap(
            SeriesField.init)
        return try await .json(reads) { reader in
            try reader.check(domain: filter.domain, ward: filter.ward)
            return .newest(try reader.series(filter), fields: fields, zone: reader.zone)
        }
    }

    private func devices(_ request: Request) async throws -> Response {
        let query = try QueryParameters(request, known: ["domain", "ward", "freshness"])
        let (domain, ward) = (try query.text("domain"), try query.text("ward"))
        let freshness = try query.words("freshness", of: Freshness.allCases.map(\.rawValue))
        return try .json(
            DevicesAnswer(
                devices: try await reads.long { reader in
                    try reader.check(domain: domain, ward: ward)
                    return try reader.devices(domain: domain, ward: ward, freshness: freshness)
                }))
    }

    private func rejects(_ request: Request) async throws -> Response {
        let query = try QueryParameters(request, known: ["reason", "limit"])
        let reason = try query.word("reason", of: RejectionReason.allCases.map(\.rawValue))
        let limit = try query.number("limit", in: 1...ConsoleLimits.rows) ?? 100
        let found = try await reads.long { try $0.rejects(reason: reason, limit: limit + 1) }
        return try .json(RejectsAnswer(rejects: Array(found.prefix(limit)), truncated: found.count > limit))
    }
}
