import Store
import Telemetry
import Testing

@testable import Console

@Suite("Notifications over HTTP", .timeLimit(.minutes(1)))
struct NotificationRouteTests {
    /// Two alerts, each told to two receivers; of the first the one has it, of the second one failed.
    private func fill(_ city: StandIn) async throws {
        try await city.raise(1...2)
        try await city.write { batch, _ in
            batch.alertEvents = (3...4).map { number in
                AlertEvent(
                    identity: AlertIdentity(rule: "LevelHigh", scope: "a", onset: midnight + number),
                    domain: "water", ward: "kim-long", priority: .high, from: .normal, to: .unacknowledged,
                    at: midnight, cause: .condition, summary: Title(vi: "cao", en: "high"))
            }
            batch.notifications = [(0, "duty"), (0, "siren"), (1, "duty"), (1, "siren")].map {
                NotificationDraft(
                    event: $0, receiver: $1, occasion: .raised, priority: .high, due: midnight)
            }
        }
        try await city.write { batch, _ in
            batch.notificationChanges = [
                .delivered(1, at: midnight + 5), .failed(4, at: midnight + 9, error: "HTTP 503"),
            ]
        }
    }

    @Test("are listed the latest first, each with its alert and what became of it")
    func list() async throws {
        try await RunningConsole.run { console in
            try await fill(console.city)
            let answer = try await console.get("/api/v1/notifications").decoded(NotificationsAnswer.self)
            #expect(answer.notifications.map(\.id) == [4, 3, 2, 1] && !answer.truncated)
            #expect(answer.notifications.map(\.state) == ["failed", "queued", "queued", "delivered"])
            #expect(answer.notifications.first?.lastError == "HTTP 503")
            #expect(answer.notifications.last?.alert == 3)
            #expect(answer.notifications.last?.rule == "LevelHigh")
            let text = try await console.get("/api/v1/notifications").text
            #expect(text.contains("\"delivered_ms\":\(midnight + 5)"))
        }
    }

    @Test("are found by state and receiver, at most as many as are asked for")
    func filters() async throws {
        try await RunningConsole.run { console in
            try await fill(console.city)
            func found(_ query: String) async throws -> NotificationsAnswer {
                try await console.get("/api/v1/notifications?" + query).decoded(NotificationsAnswer.self)
            }
            #expect(try await found("state=queued").notifications.map(\.id) == [3, 2])
            #expect(try await found("receiver=siren").notifications.map(\.id) == [4, 2])
            #expect(try await found("state=queued&receiver=siren").notifications.map(\.id) == [2])
            #expect(try await found("receiver=nobody").notifications.isEmpty)
            let first = try await found("limit=1")
            #expect(first.notifications.map(\.id) == [4] && first.truncated)
        }
    }

    @Test("are for those with the token, and a word that is no state is refused with those that are")
    func refused() async throws {
        try await RunningConsole.run { console in
            #expect(try await console.get("/api/v1/notifications", token: nil).status == 401)
            let wrong = try await console.get("/api/v1/notifications?state=lost")
            #expect(wrong.status == 400)
            for state in NotificationState.allCases { #expect(wrong.fault.contains(state.rawValue)) }
            #expect(try await console.get("/api/v1/notifications?limit=0").status == 400)
            #expect(try await console.get("/api/v1/notifications?colour=red").status == 400)
        }
    }
}
