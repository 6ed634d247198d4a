import Store
import Telemetry
import Testing

@testable import Console

@Suite("Alerts over HTTP", .timeLimit(.minutes(1)))
struct AlertRouteTests {
    @Test("are listed by what is asked for, and the answer says if there are more")
    func list() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1, 2])
            try await console.city.raise([3], domain: "air", ward: "phu-hoi", priority: .critical)
            func ids(_ query: String) async throws -> [Int64] {
                try await console.get("/api/v1/alerts" + query).decoded(AlertsAnswer.self).alerts.map(\.id)
            }
            #expect(try await ids("") == [3, 2, 1])
            #expect(try await ids("?open=true&domain=water") == [2, 1])
            #expect(try await ids("?ward=phu-hoi") == [3])
            #expect(try await ids("?priority=high") == [2, 1])
            #expect(try await ids("?domain=water&priority=critical") == [])
            let cut: AlertsAnswer = try await console.get("/api/v1/alerts?limit=2").decoded()
            #expect(cut.alerts.count == 2)
            #expect(cut.truncated)
            let whole: AlertsAnswer = try await console.get("/api/v1/alerts?limit=3").decoded()
            #expect(!whole.truncated)
            let text = try await console.get("/api/v1/alerts").text
            #expect(text.contains("\"onset_ms\":\(midnight + 3)") && text.contains("\"limit_value\":5"))
        }
    }

    @Test("of a domain or ward nobody knows are a mistake, not an empty list")
    func unknownPlace() async throws {
        try await RunningConsole.run { console in
            for path in ["", "/stream", "/console", "/scoreboard", "/handover"] {
                let answer = try await console.get("/api/v1/alerts\(path)?ward=kim-lon")
                #expect(answer.status == 404, "\(path)")
                #expect(
                    answer.fault
                        == "ward kim-lon: there is no device and no alert of it; did you mean `kim-long`?")
            }
            let answer = try await console.get("/api/v1/alerts?domain=watre&lang=vi")
            #expect(
                answer.fault
                    == "lĩnh vực watre: không có thiết bị hay cảnh báo nào; có phải `water` không?")
            #expect(try await console.get("/api/v1/alerts?domain=water&lang=en").status == 200)
        }
    }

    @Test("that cannot be read are said to be so in the operator's language")
    func unreadable() async throws {
        let city = try StandIn()
        try city.store.close()
        try await RunningConsole.run(sources: city.sources()) { console in
            for (language, sentence) in [
                ("vi", "hiện không đọc được kho; nhật ký của dịch vụ nói vì sao"),
                ("en", "the store cannot be read now; the log of the service says why"),
            ] {
                let answer = try await console.get("/api/v1/alerts?lang=" + language)
                #expect(answer.status == 500 && answer.fault == sentence)
            }
        }
    }

    @Test("are counted on a scoreboard, of a domain or of all")
    func scoreboard() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1, 2])
            try await console.city.raise([3], domain: "air", ward: "phu-hoi", priority: .critical)
            let range = "from=0&to=\(midnight + 100 * Span.day)"
            let all: Scoreboard = try await console.get("/api/v1/alerts/scoreboard?\(range)").decoded()
            #expect(all.announced == 3 && all.figures.count == Scoreboard.Measure.allCases.count)
            let critical = all.figures.first { $0.measure == .criticalShare }
            #expect(critical?.value == 1.0 / 3 && critical?.isMet == false)
            let air: Scoreboard = try await console.get("/api/v1/alerts/scoreboard?\(range)&domain=air")
                .decoded()
            #expect(air.announced == 1 && air.top.count == 1)
            #expect(try await console.get("/api/v1/alerts/scoreboard?form=0").status == 400)
        }
    }

    @Test("have their history")
    func detail() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1])
            #expect(try await console.post("/api/v1/alerts/1/ack", #"{"operator":"An"}"#).status == 200)
            let answer: AlertDetailAnswer = try await console.get("/api/v1/alerts/1").decoded()
            #expect(answer.alert.state == "acknowledged")
            #expect(answer.history.map(\.toState) == ["unacknowledged", "acknowledged"])
            for id in ["2", "x", "99999999999999999999"] {
                let missing = try await console.get("/api/v1/alerts/\(id)")
                #expect(missing.status == 404)
                #expect(
                    missing.fault
                        == "alert \(id): there is no such alert\(id == "2" ? ", the newest is 1" : ""); "
                        + "`ioc alerts list --all` or /api/v1/alerts?open=false lists them")
            }
        }
    }

    @Test("the handover of a shift is JSON, text or a page")
    func handover() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1, 2])
            let json = try await console.get("/api/v1/alerts/handover?since=-2d")
            let handover: Handover = try json.decoded()
            #expect(handover.open.count == 2 && handover.open.rows.count == 2)
            #expect(handover.scoreboard.announced == 2)
            let page = try await console.get("/api/v1/alerts/handover?format=html&lang=en")
            #expect(page.header("content-type") == "text/html; charset=utf-8" && page.text == "en true 2")
            #expect(try await console.get("/api/v1/alerts/handover?format=text").text == "vi false 2")
            #expect(try await console.get("/api/v1/alerts/handover?format=pdf").status == 400)
            #expect(try await console.get("/api/v1/alerts/handover?since=9999999999999").status == 400)
        }
    }

    @Test("lists what is in a state, what is stale and what chatters")
    func states() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1, 2])
            func count(_ query: String) async throws -> Int {
                try await console.get("/api/v1/alerts?" + query).decoded(AlertsAnswer.self).alerts.count
            }
            #expect(try await count("state=unacknowledged&state=shelved") == 2)
            #expect(try await count("state=shelved") == 0)
            // Raised a day before the console's clock, to the millisecond.
            #expect(try await count("stale=true") == 0)
            #expect(try await count("chattering=true") == 0)
        }
    }
}
