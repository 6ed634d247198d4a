import TestSupport
import Testing

@testable import Telemetry

@Suite("Figures that look far back")
struct AlertHistoryFigureTests {
    private let week = 7 * Span.day
    /// 2026-01-05, a Monday, 08:00 UTC.
    private let hour = Civil.milliseconds(year: 2026, month: 1, day: 5, hour: 8)!

    private func rollup(_ values: [Double], _ tier: Tier, at start: Milliseconds) -> Rollup {
        var sum = Accumulator()
        for (index, value) in values.enumerated() {
            sum.add(
                Reading(series: SeriesID(0), time: start + Milliseconds(index) * 1_000, value: value),
                kind: .gauge)
        }
        return Rollup(series: SeriesID(0), tier: tier, start: start, accumulator: sum)
    }

    @Test("a deviation is counted in spreads of the same hour of past weeks, and other hours do not matter")
    func deviation() throws {
        var baseline = HourlyBaseline(weeks: 4)
        for week in 1...4 {
            baseline.add(rollup([8, 12], .hour, at: hour - Int64(week) * self.week))
            baseline.add(rollup([500], .hour, at: hour - Int64(week) * self.week + Span.hour))
        }
        func deviation(_ value: Double, _ direction: AlertBaseline.Direction, least: Double = 0.1) -> Double?
        {
            baseline.deviation(
                of: value, endingAt: hour + 15 * Span.minute,
                AlertBaseline(weeks: 4, direction: direction, leastSpread: least))
        }
        #expect(deviation(16, .above) == 3)
        #expect(deviation(4, .above) == -3 && deviation(4, .below) == 3 && deviation(4, .either) == 3)
        #expect(deviation(16, .above, least: 6) == 1)
    }

    @Test("of fewer than three weeks nothing is usual, and a late part joins its hour")
    func fewWeeks() {
        var baseline = HourlyBaseline(weeks: 4)
        let wanted = AlertBaseline(weeks: 4, direction: .above, leastSpread: 1)
        for week in 1...2 { baseline.add(rollup([10], .hour, at: hour - Int64(week) * self.week)) }
        #expect(baseline.deviation(of: 99, endingAt: hour + 1, wanted) == nil)
        baseline.add(rollup([10], .hour, at: hour - 3 * week))
        #expect(baseline.deviation(of: 13, endingAt: hour + 1, wanted) == 3)
        baseline.add(rollup([13, 13, 13], .hour, at: hour - 3 * week))
        #expect(baseline.deviation(of: 13, endingAt: hour + 1, wanted)! < 2)
    }

    @Test("the pace of a sum goes on as it began, of a level along its line, of a mean as it is")
    func pace() throws {
        let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
        let first = Civil.milliseconds(year: 2026, month: 1, day: 1)! - 7 * Span.hour
        // 73 of 365 days: a fifth of the year. The last day of the year before is no part of it.
        func projection(_ figure: AlertPace.Figure, _ count: Int) -> Double? {
            var days = SlidingWindow()
            for day in -1..<count - 1 {
                let today = rollup([Double(100 + day)], .day, at: first + Int64(day) * Span.day)
                days.add(today, length: 366 * Span.day, keepsDetail: false)
            }
            return AlertPace(period: .year, figure: figure).projection(days, zone)
        }
        let sum = (0..<73).reduce(0.0) { $0 + Double(100 + $1) }
        #expect(projection(.sum, 74) == sum * 5)
        #expect(try #require(projection(.last, 74)) == 100 + 365)
        #expect(projection(.mean, 74) == sum / 73)
        #expect(projection(.sum, 20) == nil)
    }

    @Test("an alert on the pace of a quotient stands while the day of its divisor has not closed yet")
    func paceOfQuotient() throws {
        let profile = try AlertGround.profile(["done", "wanted"], cadence: Span.day)
        let device = Device(
            key: "w-1", profileIndex: 0, domain: "garden", name: AlertGround.title, ward: "a", latitude: 0,
            longitude: 0, cadence: Span.day)
        let registry = Registry(profiles: [profile], devices: [device])
        let signal = AlertSignal(
            measurement: "done", window: AlertWindow(AlertPace(period: .year, figure: .sum)),
            divisor: "wanted")
        let rule = AlertGround.rule(.threshold(AlertThreshold(signal, .below(0.5, clear: 0.5))))
        let first = Civil.milliseconds(year: 2026, month: 1, day: 1)!
        var engine = AlertEngine(rules: [rule], registry: registry, listeningSince: first)
        for day in 0..<120 as Range<Int64> {
            let start = first + day * Span.day
            let days = zip(registry.seriesIDs[0], [1.0, 4]).map { series, value in
                var sum = Accumulator()
                sum.add(Reading(series: series, time: start, value: value), kind: .gauge)
                return Rollup(series: series, tier: .day, start: start, accumulator: sum)
            }
            engine.heard(registry.deviceIDs[0], at: start + Span.day)
            engine.closed(Rollups(days))
            engine.advance(to: start + Span.day)
        }
        #expect(engine.takeEvents().map(\.to) == [.unacknowledged])
    }

    @Test("periods begin at local midnight of their first day")
    func periods() {
        let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
        let bounds = AlertPace(period: .quarter, figure: .sum).bounds(at: hour, in: zone)
        #expect(bounds.lowerBound == Civil.milliseconds(year: 2025, month: 12, day: 31, hour: 17))
        #expect(bounds.upperBound == Civil.milliseconds(year: 2026, month: 3, day: 31, hour: 17))
        let month = AlertPace(period: .month, figure: .sum).bounds(at: hour + 360 * Span.day, in: zone)
        #expect(month.upperBound == Civil.milliseconds(year: 2026, month: 12, day: 31, hour: 17))
    }

    @Test(
        "timers come out in order, of one time the least index first, whatever order they went in",
        arguments: 1...20)
    func timers(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var timers = Timers()
        let entries = (0..<200 as Range<Int32>).map {
            Timers.Entry(due: Milliseconds(generator.next() % 100), index: $0)
        }
        for entry in entries.shuffled(using: &generator) { timers.push(entry) }
        var found: [Timers.Entry] = []
        while let entry = timers.pop(dueAt: 49) { found.append(entry) }
        let wanted = entries.filter { $0.due <= 49 }.sorted { ($0.due, $0.index) < ($1.due, $1.index) }
        #expect(found == wanted)
        #expect(timers.count == entries.count { $0.due > 49 })
    }
}
