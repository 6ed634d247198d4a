import Foundation
import Hummingbird
import Logging
import Store
import TestSupport
import Testing

@testable import Console

@Suite("Requests the console does not take", .timeLimit(.minutes(1)))
struct RoutingTests {
    @Test("an unknown path is 404, a wrong method 405 with the right one")
    func pathsAndMethods() async throws {
        try await RunningConsole.run { console in
            let nowhere = try await console.get("/api/v1/nowhere")
            #expect(nowhere.status == 404)
            #expect(
                nowhere.fault == "/api/v1/nowhere: no such path; those of the console begin with /api/v1/")
            let deleted = try await console.send("DELETE", "/api/v1/alerts/1")
            #expect(deleted.status == 405)
            #expect(deleted.header("Allow") == "GET")
            #expect(deleted.fault == "/api/v1/alerts/1: cannot DELETE; use GET")
            let fetched = try await console.get("/api/v1/alerts/1/ack")
            #expect(fetched.status == 405)
            #expect(fetched.header("Allow") == "POST")
            #expect(try await console.post("/healthz", "").status == 405)
        }
    }

    @Test("every path is in the documents, with its method")
    func documented() async throws {
        let page = try String(contentsOfFile: Repository.root + "/docs/http.md", encoding: .utf8)
        let documented = page.matches(of: /\| `(GET|POST) (\/[^`]*)` \|/).map { (String($0.1), String($0.2)) }
        try await RunningConsole.run { console in
            for (method, path) in documented {
                let answer = try await console.send("DELETE", path.replacing(/{[a-z]+}/, with: "1"))
                #expect(answer.status == 405 && answer.header("Allow") == method, "\(method) \(path)")
            }
        }
        let city = try StandIn()
        let sources = city.sources()
        let routes = Routes(
            sources: sources, reads: StoreReads(reader: sources.reader, logger: Logger(label: "test")),
            token: AccessToken(RunningConsole.token),
            now: { midnight }, limits: ConsoleLimits(), counters: ConsoleCounters())
        let paths = Set(routes.router().routes.map { "\($0.path)" })
        let missing = paths.symmetricDifference(documented.map(\.1))
        #expect(paths.count > 20 && missing.isEmpty)
        try city.store.close()
    }

    @Test("a parameter that is unknown, empty, doubled or out of range is 400 and says what is known")
    func parameters() async throws {
        try await RunningConsole.run { console in
            let faults = [
                "/api/v1/alerts?opne=true":
                    "opne: unknown parameter; /api/v1/alerts knows open, state, chattering, stale, domain, ward, priority, limit, lang",
                "/api/v1/status?x=1": "x: unknown parameter; /api/v1/status takes none",
                "/api/v1/alerts?domain=": "domain: is empty; give it a value or leave it out",
                "/api/v1/alerts?domain=a&domain=b": "domain: is given 2 times; give it once",
                "/api/v1/alerts?open=yes": "open: expected true or false, found \"yes\"",
                "/api/v1/alerts?limit=0": "limit: expected a number from 1 to 10000, found \"0\"",
                "/api/v1/alerts?priority=urgent":
                    "priority: expected one of low, medium, high, critical, found \"urgent\"",
                "/api/v1/devices?freshness=old":
                    "freshness: expected one of fresh, late, silent, never-reported, found \"old\"",
                "/api/v1/rollups?series=a/level&tier=5m":
                    "tier: expected one of 1m, 15m, 1h, 1d, found \"5m\"",
                "/api/v1/alerts/stream?last_event_id=x":
                    "Last-Event-ID: expected the id of an alert event, found \"x\"",
                "/api/v1/rollups?series=a/level&from=1h":
                    """
                from: expected Unix milliseconds, a time with its zone like 2026-01-05T08:00:00+07:00, \
                or a span before now like -1h, found "1h"
                """,
                "/api/v1/alerts/scoreboard?from=0&to=9223372036854775807":
                    """
                to: expected Unix milliseconds, a time with its zone like 2026-01-05T08:00:00+07:00, \
                or a span before now like -1h, found "9223372036854775807"
                """,
                "/api/v1/alerts/handover?since=-60000000000d":
                    """
                since: expected Unix milliseconds, a time with its zone like 2026-01-05T08:00:00+07:00, \
                or a span before now like -1h, found "-60000000000d"
                """,
                "/api/v1/rollups?series=a/level&from=2&to=1": "from: must be before to; swap them",
                "/api/v1/rollups":
                    "series: expected 1 to 20 of device/measurement, found 0; /api/v1/series lists them",
            ]
            for (path, sentence) in faults {
                let answer = try await console.get(path)
                #expect(answer.status == 400)
                #expect(answer.fault == sentence)
            }
        }
    }
}
