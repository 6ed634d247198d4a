import Store
import Telemetry
import Testing

@testable import Console

@Suite("The registry over HTTP", .timeLimit(.minutes(1)))
struct RegistryRouteTests {
    @Test("series are found by domain, ward and device")
    func series() async throws {
        try await RunningConsole.run { console in
            func names(_ query: String) async throws -> [String] {
                try await console.get("/api/v1/series" + query).decoded(SeriesListAnswer.self).series.map(
                    \.series)
            }
            let all = try await names("")
            #expect(all == ["a/level", "a/flow", "b/level", "b/flow"])
            #expect(try await names("?domain=water&device=a") == ["a/level", "a/flow"])
            #expect(try await names("?ward=phu-hoi") == ["b/level", "b/flow"])
            #expect(try await names("?domain=water&device=c") == [])
        }
    }

    @Test("a domain or ward nobody knows is a mistake: an empty list would read as if none were silent")
    func unknownPlace() async throws {
        try await RunningConsole.run { console in
            for path in ["devices?freshness=silent&", "series?", "rollups?from=-1h&"] {
                let answer = try await console.get("/api/v1/\(path)ward=kim-lon")
                #expect(answer.status == 404, "\(path)")
                #expect(
                    answer.fault
                        == "ward kim-lon: there is no device and no alert of it; did you mean `kim-long`?")
            }
        }
    }

    @Test("devices are found by freshness, several words at once")
    func devices() async throws {
        try await RunningConsole.run { console in
            try await console.city.write { batch, registry in
                var state = DeviceState()
                state.lastSeen = midnight
                state.lastTime = midnight
                var checkpoint = Checkpoint()
                checkpoint.devices = [(registry.deviceIDs[0], state)]
                batch.checkpoint = checkpoint
            }
            func keys(_ query: String) async throws -> [String] {
                try await console.get("/api/v1/devices" + query).decoded(DevicesAnswer.self).devices.map(
                    \.device)
            }
            #expect(try await keys("") == ["a", "b"])
            #expect(try await keys("?freshness=never-reported") == ["b"])
            #expect(try await keys("?freshness=fresh&freshness=late") == [])
            #expect(try await keys("?freshness=silent&freshness=never-reported") == ["a", "b"])
            #expect(try await keys("?ward=phu-hoi&domain=water") == ["b"])
            let text = try await console.get("/api/v1/devices").text
            #expect(text.contains("\"name_vi\":\"Trạm a\"") && text.contains("\"last_seen_ms\":\(midnight)"))
        }
    }

    @Test("refused messages are listed by reason, the latest first")
    func rejects() async throws {
        try await RunningConsole.run { console in
            try await console.city.write { batch, _ in
                for (index, reason) in [RejectionReason.notJSON, .tooOld, .notJSON].enumerated() {
                    batch.rejects.append(
                        RejectedMessage(
                            topic: "t/\(index)", reason: reason, offset: 1, payload: Array("{x".utf8),
                            at: midnight + Int64(index)))
                }
            }
            func topics(_ query: String) async throws -> [String] {
                try await console.get("/api/v1/rejects" + query).decoded(RejectsAnswer.self).rejects.map(
                    \.topic)
            }
            #expect(try await topics("") == ["t/2", "t/1", "t/0"])
            #expect(try await topics("?reason=not-json") == ["t/2", "t/0"])
            let cut: RejectsAnswer = try await console.get("/api/v1/rejects?limit=1").decoded()
            #expect(cut.rejects.map(\.topic) == ["t/2"])
            #expect(cut.truncated)
        }
    }
}
