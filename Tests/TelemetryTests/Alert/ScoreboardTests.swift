import Testing

@testable import Telemetry

@Suite("Scoreboard of the alerts")
struct ScoreboardTests {
    private let day = 0..<Span.day

    private func announced(
        _ rule: String = "R", _ device: String = "d", at seconds: Int64, alert: Int64 = 1,
        _ priority: AlertPriority = .low
    ) -> Scoreboard.Entry {
        Scoreboard.Entry(
            .announced, alert: alert, rule: rule, device: device, priority: priority, at: seconds * 1_000)
    }

    private func figures(_ entries: [Scoreboard.Entry], stale: Int = 0) -> [Scoreboard.Measure: Scoreboard
        .Figure]
    {
        let board = Scoreboard(entries, over: day, stale: stale)
        return Dictionary(uniqueKeysWithValues: board.figures.map { ($0.measure, $0) })
    }

    @Test("ten within ten minutes are a flood, which lasts until fewer than five are left")
    func flood() {
        var meter = FloodMeter()
        for minute in 0..<10 { meter.note(at: Int64(minute) * Span.minute) }
        #expect(meter.isFlood && meter.floods == 1 && meter.peak == 10)
        // Those of minutes 6 to 9 are left when that of minute 5 falls out.
        meter.advance(to: 15 * Span.minute - 1)
        #expect(meter.isFlood)
        meter.advance(to: 15 * Span.minute)
        #expect(!meter.isFlood && meter.duration == 6 * Span.minute)
        meter.note(at: 60 * Span.minute)
        #expect(!meter.isFlood && meter.floods == 1)
    }

    @Test("nine in ten minutes are none, however long it goes on")
    func steady() {
        var meter = FloodMeter()
        for number in 0..<500 { meter.note(at: Int64(number) * 67_000) }
        #expect(meter.floods == 0 && meter.peak == 9)
    }

    @Test("rates are of the whole time, shares of what was announced")
    func rates() {
        let entries = (0..<144).map {
            announced("R\($0 % 20)", at: Int64($0) * 600, $0 % 4 == 0 ? .high : .medium)
        }
        let found = figures(entries, stale: 6)
        #expect(found[.perTenMinutes]?.value == 1 && found[.perDay]?.value == 144)
        #expect(found[.perDay]?.isMet == true)
        #expect(found[.highShare]?.value == 0.25 && found[.highShare]?.isMet == false)
        #expect(found[.criticalShare]?.value == 0)
        #expect(found[.stale]?.isMet == false)
        // Ten of twenty rules, a little more often than the others.
        #expect(found[.topTenShare].flatMap(\.value).map { $0 > 0.5 && $0 < 0.6 } == true)
    }

    @Test("three times in a minute is chattering, three times in two minutes is not")
    func chattering() {
        let board = Scoreboard(
            [0, 20, 59].map { announced("Fast", at: $0) }
                + [100, 130, 160].map { announced("Slow", at: $0) },
            over: day, stale: 0)
        #expect(board.chattering == [Scoreboard.Source(rule: "Fast", device: "d", count: 3)])
        #expect(board.top.map(\.rule) == ["Fast", "Slow"])
    }

    @Test("the time to acknowledge is that of alerts announced in it; without one there is none")
    func acknowledged() {
        func seen(_ alert: Int64, at seconds: Int64) -> Scoreboard.Entry {
            Scoreboard.Entry(
                .acknowledged, alert: alert, rule: "R", device: "d", priority: .low, at: seconds * 1_000)
        }
        let found = figures([
            seen(9, at: 1), announced(at: 60, alert: 1), announced(at: 60, alert: 2), seen(1, at: 180),
            seen(2, at: 300), seen(2, at: 301),
        ])
        #expect(found[.minutesToAcknowledge]?.value == 3)
        #expect(figures([])[.minutesToAcknowledge]?.value == nil && figures([])[.topTenShare]?.isMet == true)
    }
}
