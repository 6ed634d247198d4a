import Foundation
import Store
import Synchronization
import Telemetry
import Testing

@testable import Console

@Suite("A storm of alerts on a console", .timeLimit(.minutes(5)))
struct AlertStormTests {
    private func picture(_ console: RunningConsole, _ query: String = "") async throws -> (
        view: ConsolePicture, bytes: Int
    ) {
        let answer = try await console.get("/api/v1/alerts/console" + query)
        #expect(answer.status == 200, "\(answer.text)")
        return (try answer.decoded(), answer.text.utf8.count)
    }

    @Test(
        "ten thousand devices that trip in a second are ten announcements and a small page, and none is lost")
    func storm() async throws {
        let city = try StormyCity()
        try await RunningConsole.run(sources: city.sources(), now: { city.now }) { console in
            let stream = try await console.stream("?view=console")
            #expect(try await stream.message()?.position == "0-0")
            try city.storm(at: midnight + Span.hour)
            let (view, bytes) = try await picture(console)
            #expect(view.isFlood && view.count == StormyCity.deviceCount)
            #expect(view.announcements.count == ConsoleView.most)
            #expect(view.groups.count <= ConsoleGroup.most)
            #expect(view.groups.reduce(0) { $0 + $1.count } == StormyCity.deviceCount)
            #expect(view.groups.reduce(0) { $0 + $1.standing } == StormyCity.deviceCount)
            #expect(view.pinned.count == ConsoleFlood.mostPinned && view.morePinned == 490)
            #expect(view.open == ["unacknowledged": StormyCity.deviceCount])
            #expect(bytes <= 32 << 10, "\(bytes)")
            #expect(try await stream.announcements(10) == view.announcements)
            // Everything is in the history, one by one.
            let stored = try city.store.reader.alerts(isOpen: false, limit: 20_000)
            #expect(stored.count == StormyCity.deviceCount)
            #expect(
                try city.store.reader.alertEvents(after: 0, limit: 20_000).count == StormyCity.deviceCount)

            try city.say(1, 0..<5_000, at: midnight + Span.hour + 5 * Span.minute)
            let gone = try await picture(console).view
            #expect(gone.groups.reduce(0) { $0 + $1.standing } == 5_000)
            #expect(gone.announcements == view.announcements)
            #expect(gone.open == ["unacknowledged": 5_000, "returned": 5_000])

            city.clock.store(midnight + Span.hour + 11 * Span.minute, ordering: .relaxed)
            let end = try await stream.announcements(1)[0]
            #expect(end.kind == .floodEnded && end.count == StormyCity.deviceCount)
            #expect(end.atMs == midnight + Span.hour + 900 + FloodMeter.window)
            #expect(try await picture(console).view.isFlood == false)
        }
    }

    @Test("two clients, a client that comes back and the service after a restart see the same")
    func same() async throws {
        let city = try StormyCity()
        let start = midnight + Span.hour
        try await RunningConsole.run(sources: city.sources(), now: { city.now }) { console in
            let one = try await console.stream("?view=console")
            var other: LiveStream? = try await console.stream("?view=console")
            _ = try await (one.message(), other?.message())
            for device in 0..<6 { try city.say(9, device..<device + 1, at: start + Int64(device) * 1_000) }
            let first = try #require(try await other?.announcements(4))
            let cut = try #require(other?.lastPosition)
            other = nil
            try city.storm(at: start + Span.minute)
            let back = try await console.stream("?view=console&last_event_id=\(cut)")
            let rest = try await back.announcements(6)
            let whole = try await one.announcements(10)
            #expect(first + rest == whole)
            // Both come to the same; on the way there they need not see the same moments.
            let now = try await picture(console).view
            #expect(now.count == StormyCity.deviceCount)
            #expect(try await one.picture { $0 == now } != nil)
            #expect(try await back.picture { $0 == now } != nil)
            let scoped = try await picture(console, "?domain=air&ward=ward-2").view
            #expect(scoped.count > 0 && scoped.groups.allSatisfy { $0.place.domain == "air" })
        }
        // Another console knows nothing but the store.
        try await RunningConsole.run(sources: city.sources(), now: { city.now }) { console in
            let (view, _) = try await picture(console)
            #expect(view.isFlood && view.count == StormyCity.deviceCount)
            let stream = try await console.stream("?view=console&last_event_id=0-0")
            #expect(try await stream.announcements(10) == view.announcements)
        }
    }

    @Test("a stream of a view is told an id that is none")
    func badPosition() async throws {
        try await RunningConsole.run { console in
            let answer = try await console.get("/api/v1/alerts/stream?view=console&last_event_id=17")
            #expect(answer.status == 400)
            #expect(answer.fault.contains("1767574923000-17"))
        }
    }
}
