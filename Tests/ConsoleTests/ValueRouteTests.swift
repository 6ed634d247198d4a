import Store
import Telemetry
import Testing

@testable import Console

@Suite("Values over HTTP", .timeLimit(.minutes(1)))
struct ValueRouteTests {
    /// Hourly windows and readings of both series of device a, from midnight on.
    private static func fill(_ city: StandIn) async throws {
        try await city.write { batch, registry in
            for series in registry.seriesIDs[0] {
                for hour in 0..<24 {
                    let reading = Reading(
                        series: series, time: midnight + Int64(hour) * Span.hour, value: Double(hour))
                    var sum = Accumulator()
                    sum.add(reading, kind: .gauge)
                    batch.readings.append(reading)
                    batch.rollups.append(
                        Rollup(series: series, tier: .hour, start: reading.time, accumulator: sum))
                }
            }
        }
    }

    @Test("rollups: the last day by the hour unless asked otherwise")
    func rollups() async throws {
        try await RunningConsole.run { console in
            try await Self.fill(console.city)
            let day: RollupsAnswer = try await console.get("/api/v1/rollups?series=a/level").decoded()
            #expect(day.tier == "1h")
            #expect(day.fromMs == midnight)
            #expect(day.toMs == midnight + Span.day)
            #expect(day.rollups.map(\.max) == (0..<24).map(Double.init))
            #expect(!day.truncated)
            let two: RollupsAnswer = try await console.get(
                "/api/v1/rollups?series=a/level&series=a/flow&from=-2h"
            ).decoded()
            #expect(two.rollups.map(\.series) == ["a/level", "a/level", "a/flow", "a/flow"])
            let minutes: RollupsAnswer = try await console.get("/api/v1/rollups?series=a/level&tier=1m")
                .decoded()
            #expect(minutes.rollups.isEmpty)
            #expect(try await console.get("/api/v1/rollups?series=a/level").text.contains("\"p50\"") == false)
        }
    }

    @Test(
        "times are Unix milliseconds, ISO 8601 with a zone, or spans before now",
        arguments: [
            "from=\(midnight + Span.hour)&to=\(midnight + 2 * Span.hour)",
            "from=2026-01-05T01:00:00%2B07:00&to=2026-01-05T02:00:00%2B07:00",
            "from=2026-01-05T01:00:00+07:00&to=2026-01-04T19:00:00Z", "from=-23h&to=-22h",
        ])
    func times(range: String) async throws {
        try await RunningConsole.run { console in
            try await Self.fill(console.city)
            let found: RollupsAnswer = try await console.get("/api/v1/rollups?series=a/level&\(range)")
                .decoded()
            #expect(found.rollups.map(\.startMs) == [midnight + Span.hour])
        }
    }

    @Test("the limit is of all series together")
    func limit() async throws {
        try await RunningConsole.run { console in
            try await Self.fill(console.city)
            let query = "/api/v1/readings?series=a/level&series=a/flow&limit="
            let cut: ReadingsAnswer = try await console.get(query + "30").decoded()
            #expect(cut.readings.filter { $0.series == "a/level" }.count == 24)
            #expect(cut.readings.filter { $0.series == "a/flow" }.count == 6)
            #expect(cut.truncated)
            let edge: ReadingsAnswer = try await console.get(query + "24").decoded()
            #expect(edge.readings.count == 24)
            #expect(edge.truncated)
            let whole: ReadingsAnswer = try await console.get(query + "48").decoded()
            #expect(whole.readings.count == 48)
            #expect(!whole.truncated)
            #expect(whole.readings[0].timeLocal == "2026-01-05T00:00:00+07:00")
        }
    }

    @Test("an unknown series is 404 with its name")
    func unknown() async throws {
        try await RunningConsole.run { console in
            for path in ["rollups", "readings"] {
                let answer = try await console.get("/api/v1/\(path)?series=a/level&series=a/x")
                #expect(answer.status == 404)
                #expect(answer.fault == "series \"a/x\": there is no such series; /api/v1/series lists them")
            }
            let many = String(repeating: "series=a/level&", count: 21)
            #expect(try await console.get("/api/v1/rollups?\(many)limit=1").status == 400)
        }
    }

    @Test(
        "series of a ward, a domain, a device or a measurement come in one answer, with the fields asked for")
    func choice() async throws {
        try await RunningConsole.run { console in
            try await Self.fill(console.city)
            func names(_ query: String) async throws -> [String] {
                let answer: RollupsAnswer = try await console.get("/api/v1/rollups?from=-1h&" + query)
                    .decoded()
                return answer.rollups.map(\.series)
            }
            #expect(try await names("ward=kim-long") == ["a/level", "a/flow"])
            #expect(try await names("domain=water&measurement=flow") == ["a/flow"])
            #expect(try await names("device=b") == [])
            let few = try await console.get(
                "/api/v1/rollups?ward=kim-long&measurement=flow&from=-1h&field=start_ms&field=mean")
            #expect(
                few.text.contains("\"rollups\":[{\"mean\":23,\"start_ms\":\(midnight + 23 * Span.hour)}]"))
            let columns = try await console.get(
                "/api/v1/rollups?ward=kim-long&from=-2h&field=series&field=mean&form=columns")
            #expect(
                columns.text.contains(
                    """
                    "rollups":[{"mean":[22,23],"series":"a/level"},{"mean":[22,23],"series":"a/flow"}]
                    """))
            let both = try await console.get("/api/v1/rollups?series=a/level&ward=kim-long")
            #expect(both.status == 400 && both.fault.contains("not both"))
            #expect(try await console.get("/api/v1/rollups?series=a/level&field=variance").status == 400)
            #expect(try await console.get("/api/v1/rollups?series=a/level&form=csv").status == 400)
            let newest = try await console.get("/api/v1/series?measurement=flow&field=series&field=unit")
            #expect(
                newest.text
                    == "{\"series\":[{\"series\":\"a/flow\",\"unit\":\"m3/s\"},{\"series\":\"b/flow\",\"unit\":\"m3/s\"}]}"
            )
        }
    }

    /// Minutes from midnight of 2026-01-05 on.
    static func fillMinutes(_ city: StandIn, _ count: Int) async throws {
        try await city.write { batch, registry in
            for minute in 0..<count {
                let reading = Reading(
                    series: registry.seriesIDs[0][0], time: midnight + Int64(minute) * Span.minute,
                    value: Double(minute) / 8)
                var sum = Accumulator()
                sum.add(reading, kind: .gauge)
                batch.rollups.append(
                    Rollup(series: reading.series, tier: .minute, start: reading.time, accumulator: sum))
            }
        }
    }

    @Test("a month of minutes is one answer, sent piece by piece; of more than the limit the first come")
    func month() async throws {
        try await RunningConsole.run { console in
            let month = 31 * 24 * 60
            try await Self.fillMinutes(console.city, month)
            let query =
                "/api/v1/rollups?series=a/level&tier=1m&from=\(midnight)&to=\(midnight + 90 * Span.day)"
            let answer = try await console.get(query)
            #expect(answer.header("transfer-encoding") == "chunked")
            let whole: RollupsAnswer = try answer.decoded()
            #expect(whole.rollups.map(\.startMs) == (0..<Int64(month)).map { midnight + $0 * Span.minute })
            #expect(whole.rollups.map(\.last) == (0..<month).map { Double($0) / 8 })
            #expect(!whole.truncated)
            let cut: RollupsAnswer = try await console.get(query + "&limit=30000").decoded()
            #expect(cut.rollups.count == 30_000 && cut.truncated)
            #expect(try await console.get(query + "&limit=50001").status == 400)
        }
    }
}
