import Testing

@Suite("Access to the console", .timeLimit(.minutes(1)))
struct AccessTests {
    @Test("only /healthz is answered without the token")
    func tokenNeeded() async throws {
        try await RunningConsole.run { console in
            let alive = try await console.get("/healthz", token: nil)
            #expect(alive.status == 200)
            #expect(alive.text == "ok")
            let paths = [
                "/readyz", "/metrics", "/api/v1/alerts", "/api/v1/alerts/1", "/api/v1/alerts/stream",
                "/api/v1/series",
                "/api/v1/rollups", "/api/v1/readings", "/api/v1/devices", "/api/v1/rejects", "/api/v1/status",
                "/nowhere",
            ]
            for path in paths {
                for token in [
                    nil, "", "wrong", RunningConsole.token + "0", String(RunningConsole.token.dropLast()),
                ] {
                    let answer = try await console.get(path, token: token)
                    #expect(answer.status == 401)
                    #expect(answer.header("WWW-Authenticate") == "Bearer realm=\"ioc\"")
                    #expect(answer.fault.contains("Authorization: Bearer TOKEN"))
                }
            }
            #expect(
                try await console.send("POST", "/api/v1/alerts/1/ack", token: nil, body: "{}").status == 401)
            #expect(await console.city.commands.isEmpty)
        }
    }

    @Test("the live stream, and nothing else, takes the token in its address")
    func tokenInAddress() async throws {
        try await RunningConsole.run { console in
            let stream = try await console.stream("?token=\(RunningConsole.token)", token: nil)
            #expect(try await stream.message()?.id == 0)
            #expect(try await console.get("/api/v1/alerts/stream?token=wrong", token: nil).status == 401)
            #expect(
                try await console.get("/api/v1/alerts?token=\(RunningConsole.token)", token: nil).status
                    == 401)
            #expect(try await console.get("/api/v1/alerts?token=\(RunningConsole.token)").status == 400)
        }
    }

    @Test("every answer forbids caching and guessing its type, and none allows other origins")
    func safeHeaders() async throws {
        try await RunningConsole.run { console in
            for (path, token) in [
                ("/healthz", nil), ("/api/v1/alerts", RunningConsole.token), ("/api/v1/alerts", nil),
                ("/nowhere", RunningConsole.token), ("/api/v1/alerts?x=1", RunningConsole.token),
            ] {
                let answer = try await console.get(path, token: token)
                #expect(answer.header("Cache-Control") == "no-store")
                #expect(answer.header("X-Content-Type-Options") == "nosniff")
                #expect(!answer.headers.keys.contains { $0.hasPrefix("access-control") })
            }
        }
    }
}
