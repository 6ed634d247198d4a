import Console
import Store
import Telemetry
import Testing

@Suite("Operators over HTTP", .timeLimit(.minutes(1)))
struct AlertCommandTests {
    @Test("acknowledge an alert and take it back; the answer is the event of the live stream")
    func acknowledge() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1])
            let stream = try await console.stream()
            let answer = try await console.post(
                "/api/v1/alerts/1/ack", #"{"operator":"Nguyễn An","comment":"đã cử người"}"#)
            #expect(answer.status == 200)
            let event: AlertEventAnswer = try answer.decoded()
            #expect(event.toState == "acknowledged")
            #expect(event.operator == "Nguyễn An")
            #expect(event.comment == "đã cử người")
            #expect(try await stream.alerts(1).map(\.id) == [event.id])
            let command = try #require(await console.city.commands.first)
            #expect(command.identity == AlertIdentity(rule: "LevelHigh", scope: "a", onset: midnight + 1))
            #expect(command.action == .acknowledge)
            let back = try await console.post("/api/v1/alerts/1/unack", #"{"operator":"An","comment":null}"#)
            #expect(try back.decoded(AlertEventAnswer.self).cause == "unacknowledge")
        }
    }

    @Test("learn what stands against it: the state, no such alert, a stuck storage, no reason")
    func refused() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1])
            let remark = #"{"operator":"An"}"#
            #expect(try await console.post("/api/v1/alerts/7/ack", remark).status == 404)
            #expect(await console.city.commands.isEmpty)
            await console.city.refuse(.notPossible)
            let conflict = try await console.post("/api/v1/alerts/1/unack", remark)
            #expect(conflict.status == 409)
            #expect(
                conflict.fault == "alert 1: is unacknowledged; only an acknowledged one can be taken back")
            await console.city.refuse(.busy)
            let busy = try await console.post("/api/v1/alerts/1/ack", remark)
            #expect(busy.status == 503)
            #expect(busy.header("Retry-After") == "5")
            let shelved = try await console.post("/api/v1/alerts/1/shelve", remark)
            #expect(shelved.status == 400)
            #expect(shelved.fault == "comment: say why the alert is set aside")
        }
    }

    @Test("must say who they are, briefly")
    func remarks() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1])
            let name = "operator: expected a name of 1 to 64 characters"
            let shape = "expected {\"operator\": \"…\", \"comment\": \"…\"} with texts"
            let long = String(repeating: "ắ", count: 501)
            let faults = [
                ("{}", name), (#"{"operator":""}"#, name), (#"{"operator":"  "}"#, name),
                (#"{"operator":null}"#, name),
                (#"{"operator":"a\nb"}"#, name), ("{\"operator\":\"\(long.prefix(65))\"}", name),
                ("", "body: " + shape), ("[]", "body: " + shape), (#"{"operator":7}"#, "body: " + shape),
                (#"{"operator":"An","coment":"x"}"#, "coment: unknown key; " + shape),
                (
                    "{\"operator\":\"An\",\"comment\":\"\(long)\"}",
                    "comment: is longer than 500 characters; shorten it"
                ),
            ]
            for (body, sentence) in faults {
                let answer = try await console.post("/api/v1/alerts/1/ack", body)
                #expect(answer.status == 400)
                #expect(answer.fault == sentence)
            }
            let huge = try await console.post("/api/v1/alerts/1/ack", String(repeating: " ", count: 20_000))
            #expect(huge.status == 413)
            #expect(await console.city.commands.isEmpty)
            let longest = "{\"operator\":\"\(long.prefix(64))\",\"comment\":\"\(long.prefix(500))\"}"
            #expect(try await console.post("/api/v1/alerts/1/ack", longest).status == 200)
        }
    }
}
