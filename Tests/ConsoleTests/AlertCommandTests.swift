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

    @Test(
        "are told of a slip of the pen with what they may have meant, and of what is so already apart from it"
    )
    func slips() async throws {
        try await RunningConsole.run { console in
            let remark = #"{"operator":"An","comment":"bão"}"#
            func fault(_ path: String) async throws -> String {
                let answer = try await console.post(path, remark)
                return "\(answer.status) \(answer.fault)"
            }
            let regime = try await fault("/api/v1/regimes/strom/on")
            #expect(regime == "404 regime strom: there is none in calendars.yaml; did you mean `storm`?")
            #expect(try await console.post("/api/v1/regimes/storm/on", remark).status == 200)
            await console.city.refuse(.notPossible)
            #expect(try await fault("/api/v1/regimes/storm/on") == "409 regime storm: is on already")
            let rule = try await fault("/api/v1/rules/LevelHihg/station-a/out-of-service")
            #expect(rule == "404 rule LevelHihg: there is no such rule; did you mean `LevelHigh`?")
            let scope = try await fault("/api/v1/rules/LevelHigh/stadion-a/out-of-service")
            #expect(scope == "404 rule LevelHigh: is not about stadion-a; did you mean `station-a`?")
            let twice = try await fault("/api/v1/rules/LevelHigh/ward:kim-long/out-of-service")
            #expect(twice == "409 rule LevelHigh on ward:kim-long: is out of service already")
        }
    }

    @Test("name rules, groups and regimes however their client escapes a path")
    func escapedNames() async throws {
        try await RunningConsole.run { console in
            await console.city.refuse(.notPossible)
            for (path, sentence) in [
                (
                    "rules/LevelHigh/ward%3Akim-long/in-service",
                    "rule LevelHigh on ward:kim-long: is in service"
                ),
                ("rules/Level%48igh/station%2Da/in-service", "rule LevelHigh on station-a: is in service"),
                ("regimes/st%6Frm/on", "regime storm: is on"),
            ] {
                let answer = try await console.post("/api/v1/" + path, #"{"operator":"An"}"#)
                #expect(answer.fault == sentence + " already")
            }
        }
    }

    @Test("are refused in their language")
    func language() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1])
            let remark = #"{"operator":"An","comment":"bão"}"#
            func fault(_ path: String, _ body: String = remark) async throws -> String {
                try await console.post(path + "?lang=vi", body).fault
            }
            await console.city.refuse(.notPossible)
            #expect(
                try await fault("/api/v1/alerts/1/unack")
                    == "cảnh báo 1: chỉ bỏ tiếp nhận được cảnh báo đã nhận")
            #expect(
                try await fault("/api/v1/regimes/strom/on")
                    == "chế độ strom: không có trong calendars.yaml; có phải `storm` không?")
            #expect(
                try await fault("/api/v1/regimes/storm/off") == "chế độ storm: đang tắt rồi")
            #expect(
                try await fault("/api/v1/rules/Level/a/in-service") == "luật Level: không có")
            #expect(try await fault("/api/v1/alerts/9/ack").hasPrefix("cảnh báo 9: không có"))
            #expect(
                try await fault("/api/v1/alerts/1/shelve", #"{"operator":"An"}"#)
                    == "comment: hãy nói vì sao gác cảnh báo")
            #expect(
                try await fault("/api/v1/alerts/1/ack", "{}")
                    == "operator: cần một tên dài 1 đến 64 ký tự")
            await console.city.refuse(.busy)
            #expect(
                try await fault("/api/v1/alerts/1/ack")
                    == "cảnh báo 1: bộ lưu trữ đang kẹt, chưa thay đổi gì; hãy thử lại")
            await console.city.refuse(.undecided)
            #expect(
                try await fault("/api/v1/alerts/1/ack")
                    == """
                    cảnh báo 1: bộ lưu trữ đang kẹt, lệnh có thể vẫn được lưu khi kho chạy lại, hãy xem trước khi thử lại
                    """)
            #expect(try await console.post("/api/v1/alerts/1/ack?lang=fr", remark).status == 400)
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
