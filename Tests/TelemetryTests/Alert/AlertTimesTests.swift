import Testing

@testable import Telemetry

@Suite("Calendars and regimes")
struct AlertTimesTests {
    private let times = AlertTimes(
        zone: ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour),
        calendars: [
            AlertCalendar(
                name: "school", weekdays: [1, 2, 3, 4, 5],
                hours: [.init(start: 7 * 60, end: 11 * 60), .init(start: 13 * 60, end: 17 * 60)],
                except: ["tet"]),
            AlertCalendar(name: "night", weekdays: [5], hours: [.init(start: 22 * 60, end: 5 * 60)]),
            AlertCalendar(
                name: "tet",
                dates: [
                    .days(
                        Civil.days(
                            year: 2026, month: 2, day: 14)...Civil.days(year: 2026, month: 2, day: 22))
                ]),
            AlertCalendar(name: "turn", dates: [.yearly(from: 1230, to: 102)]),
        ], regimes: [AlertRegime(name: "storm", title: AlertGround.title)])

    private func local(_ day: Int, _ month: Int, _ hour: Int, _ minute: Int = 0) -> Milliseconds {
        Civil.milliseconds(year: 2026, month: month, day: day, hour: hour, minute: minute)! - 7 * Span.hour
    }

    private func isOn(_ name: String, _ time: Milliseconds) -> Bool {
        times.isOn(name, at: time, regimes: [])
    }

    @Test("several periods a day, to the minute, in local time")
    func hours() {
        // 5 January 2026 is a Monday.
        let expected = [
            (6, 59, false), (7, 0, true), (10, 59, true), (11, 0, false), (13, 0, true), (17, 0, false),
        ]
        for (hour, minute, wanted) in expected {
            #expect(isOn("school", local(5, 1, hour, minute)) == wanted)
        }
        #expect(!isOn("school", local(4, 1, 8)))
    }

    @Test("holidays by their dates, also over the new year")
    func holidays() {
        #expect(!isOn("school", local(16, 2, 8)) && isOn("school", local(23, 2, 8)))
        #expect(
            isOn("turn", local(31, 12, 3)) && isOn("turn", local(2, 1, 23)) && !isOn("turn", local(3, 1, 0)))
    }

    @Test("a night belongs to the day it begins on")
    func night() {
        #expect(isOn("night", local(9, 1, 23)) && isOn("night", local(10, 1, 4)))
        #expect(!isOn("night", local(9, 1, 4)) && !isOn("night", local(10, 1, 23)))
    }

    /// Of silence, but not from the tenth to the fortieth minute.
    private func quietGround(_ change: (inout AlertRule) -> Void) throws -> AlertGround {
        let rule = AlertGround.rule(.quiet(cadences: 3)) {
            $0.notDuring = ["break"]
            change(&$0)
        }
        let times = AlertTimes(
            zone: .utc,
            calendars: [AlertCalendar(name: "break", hours: [.init(start: 70, end: 100)])])
        return try AlertGround([rule], [("w-1", "a", nil, [])], times: times)
    }

    @Test("an alert on silence returns its off-delay after a calendar has ended it")
    func silenceEnds() throws {
        let ground = try quietGround { $0.conduct.offDelay = 5 * Span.minute }
        ground.say("w-1", 1, at: 0)
        ground.wait(until: 9.9)
        #expect(ground.told() == ["w-1 condition→unacknowledged"])
        ground.wait(until: 14.9)
        #expect(ground.told() == [])
        ground.wait(until: 15.1)
        #expect(ground.told() == ["w-1 condition-gone→returned"])
    }

    @Test("silence that counted when it began is since then: what was on its way ends it")
    func silenceWhileBehind() throws {
        let ground = try quietGround { _ in }
        ground.say("w-1", 1, at: 0)
        // A clock that goes on late, as behind a commit that stalls.
        ground.engine.advance(to: ground.time(5))
        let told = ground.events()
        #expect(told.map(\.to) == [.unacknowledged] && told.first?.identity.onset == ground.time(3))
        ground.engine.heard(ground.registry.deviceIDs[0], at: ground.time(4))
        ground.engine.advance(to: ground.time(5.1))
        #expect(ground.told() == ["w-1 condition-gone→returned"])
    }

    @Test("the on-delay of an alert on silence begins when the calendar lets silence count")
    func silenceBegins() throws {
        let ground = try quietGround { $0.conduct.onDelay = 10 * Span.minute }
        ground.say("w-1", 1, at: 9)
        ground.wait(until: 49.9)
        #expect(ground.told() == [])
        ground.wait(until: 50.1)
        let told = ground.events()
        #expect(told.map(\.to) == [.unacknowledged])
        // The clock goes on every second.
        let onset = try #require(told.first?.identity.onset)
        #expect((ground.time(40)..<ground.time(40) + Span.second).contains(onset))
    }

    @Test("the next change is the next border of a period, or midnight")
    func nextChange() {
        #expect(times.nextChange(of: ["school"], after: local(5, 1, 8)) == local(5, 1, 11))
        #expect(times.nextChange(of: ["school"], after: local(5, 1, 17)) == local(6, 1, 0))
        #expect(times.nextChange(of: ["storm"], after: local(5, 1, 8)) == .max)
    }

    private func ground(_ change: (inout AlertRule) -> Void) throws -> AlertGround {
        try AlertGround(
            [AlertGround.rule(AlertGround.above5, change)], [("w-1", "a", nil, [])], times: times)
    }

    @Test("outside its calendar a rule raises nothing, and what stands ends by the clock")
    func during() throws {
        // The ground begins on Monday at 08:00.
        let ground = try ground { $0.during = ["school"] }
        ground.say("w-1", 9, at: 0)
        #expect(ground.state("w-1") == .unacknowledged)
        ground.say("w-1", 9, at: 179)
        ground.wait(until: 180)
        #expect(ground.state("w-1") == .returned)
        ground.say("w-1", 9, at: 200)
        #expect(ground.state("w-1") == .returned)
        ground.say("w-1", 9, at: 299)
        ground.wait(until: 300)
        #expect(ground.state("w-1") == .unacknowledged)
    }

    @Test("a regime that is switched on changes limits at once, for what was measured last")
    func regime() throws {
        let variant = AlertThreshold.Variant(during: "storm", limit: .above(2, clear: 1))
        let condition = AlertCondition.threshold(
            AlertThreshold(AlertSignal(measurement: "level"), .above(5, clear: 4), variants: [variant]))
        let ground = try AlertGround(
            [AlertGround.rule(condition)], [("w-1", "a", nil, [])], times: times)
        ground.say("w-1", 3, at: 0)
        #expect(ground.state("w-1") == .normal)
        func limit(at minute: Double) -> AlertLimit? {
            ground.engine.explanation(rule: "High", scope: "w-1", at: ground.time(minute))?.terms[0].limit
        }
        #expect(limit(at: 0) == .above(5, clear: 4))
        let isOn = ground.engine.switch("storm", on: true, at: ground.time(1))
        let again = ground.engine.switch("storm", on: true, at: ground.time(1))
        let unknown = ground.engine.switch("strom", on: true, at: ground.time(1))
        #expect(isOn && !again && !unknown)
        ground.wait(until: 1)
        #expect(ground.state("w-1") == .unacknowledged && limit(at: 1) == .above(2, clear: 1))
        _ = ground.engine.switch("storm", on: false, at: ground.time(2))
        ground.wait(until: 2)
        #expect(ground.state("w-1") == .returned)
    }

    @Test("a regime changes limits at once for the members of a group, too")
    func members() throws {
        let variant = AlertThreshold.Variant(during: "storm", limit: .above(2, clear: 1))
        let each = AlertCondition.threshold(
            AlertThreshold(AlertSignal(measurement: "level"), .above(5, clear: 4), variants: [variant]))
        let group = AlertGroup(
            division: .ward, figure: .count(of: each), limit: .above(1, clear: 1), fewest: 2)
        let ground = try AlertGround(
            [AlertGround.rule(.group(group))], [("w-1", "a", nil, []), ("w-2", "a", nil, [])], times: times)
        for device in ["w-1", "w-2"] { ground.say(device, 3, at: 0) }
        ground.wait(until: 1)
        #expect(ground.state("ward:a") == .normal)
        _ = ground.engine.switch("storm", on: true, at: ground.time(1))
        ground.wait(until: 1.1)
        #expect(ground.state("ward:a") == .unacknowledged)
    }
}
