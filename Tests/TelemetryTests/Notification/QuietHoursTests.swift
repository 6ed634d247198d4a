import Testing

@testable import Telemetry

/// 2026-01-05 00:00 in Huế, a Monday.
private let monday: Milliseconds = 1_767_546_000_000
private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)

private func at(day: Int64 = 0, _ hour: Int64, _ minute: Int64 = 0) -> Milliseconds {
    monday + day * Span.day + hour * Span.hour + minute * Span.minute
}

@Suite("Quiet hours")
struct QuietHoursTests {
    private let night = QuietHours([.init(start: 22 * 60, end: 6 * 60)])

    @Test("go over midnight, and end when they end")
    func midnight() {
        #expect(night.end(at: at(21, 59), in: zone) == nil)
        #expect(night.end(at: at(22), in: zone) == at(day: 1, 6))
        #expect(night.end(at: at(day: 1, 5, 59), in: zone) == at(day: 1, 6))
        #expect(night.end(at: at(day: 1, 6), in: zone) == nil)
    }

    @Test("belong to the day on which they begin")
    func days() {
        let weekdays = QuietHours([.init(days: [1, 2, 3, 4, 5], start: 22 * 60, end: 6 * 60)])
        // The night of Friday reaches into Saturday; that of Sunday is none.
        #expect(weekdays.end(at: at(day: 5, 3), in: zone) == at(day: 5, 6))
        #expect(weekdays.end(at: at(day: 5, 23), in: zone) == nil)
        #expect(weekdays.end(at: at(day: 0, 3), in: zone) == nil)
    }

    @Test("that follow one another are one")
    func chain() {
        let weekend = QuietHours([
            .init(start: 22 * 60, end: 6 * 60), .init(days: [6, 7], start: 0, end: 24 * 60),
        ])
        #expect(weekend.end(at: at(day: 4, 23), in: zone) == at(day: 7, 6))
    }

    @Test("keep to local clocks when those are set forward")
    func daylightSaving() {
        // At 03:00 on that night clocks go from +1 to +2.
        let change = at(day: 1, 3) - 7 * Span.hour + 7 * Span.hour
        let offsets = ZoneOffsets(
            name: "x",
            transitions: [.init(from: .min, offset: Span.hour), .init(from: change, offset: 2 * Span.hour)])
        let evening = change - 4 * Span.hour
        let local = evening + Span.hour
        let minute = Int(local.floorDivided(by: Span.day).remainder / Span.minute)
        let hours = QuietHours([.init(start: minute, end: minute + 8 * 60)])
        // Eight hours of the clock are seven of time.
        #expect(hours.end(at: evening, in: offsets) == evening + 7 * Span.hour)
    }

    @Test("without an end are known as such")
    func endless() {
        #expect(QuietHours([.init(start: 0, end: 24 * 60)]).isEndless)
        #expect(QuietHours([.init(start: 0, end: 12 * 60), .init(start: 12 * 60, end: 0)]).isEndless)
        #expect(!night.isEndless)
        #expect(!QuietHours([.init(days: [1, 2, 3, 4, 5, 6], start: 0, end: 24 * 60)]).isEndless)
        #expect(!QuietHours().isEndless)
    }
}
