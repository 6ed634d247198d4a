import TestSupport
import Testing

@testable import Telemetry

@Suite("View of a console")
struct ConsoleViewTests {
    private func event(
        _ id: Int64, at: Milliseconds, alert: Int64? = nil, rule: String = "R", ward: String = "w",
        domain: String = "works", _ priority: AlertPriority = .medium, _ state: AlertState = .unacknowledged,
        _ cause: AlertCause = .condition
    ) -> ConsoleEvent {
        ConsoleEvent(
            id: id, alert: alert ?? id, rule: rule, device: "d\(alert ?? id)", domain: domain, ward: ward,
            priority: priority, state: state, cause: cause, recordedMs: at, summaryVi: "chậm",
            summaryEn: "slow")
    }

    private func kinds(_ view: ConsoleView) -> [ConsoleAnnouncement.Kind] {
        view.announcements.map(\.kind)
    }

    @Test("out of a flood every new alert is announced, and what operators do is not")
    func calm() {
        var view = ConsoleView()
        view.take(event(1, at: 0))
        view.take(event(2, at: 1_000, alert: 1, .medium, .acknowledged, .acknowledge))
        view.take(event(3, at: 2_000, alert: 1, .medium, .unacknowledged, .unacknowledge))
        view.take(event(4, at: 3_000, alert: 2, .medium, .unacknowledged, .shelfEnded))
        #expect(view.announcements.map(\.event) == [1, 4])
        #expect(view.flood == nil)
    }

    @Test("the tenth in ten minutes begins a flood, in which nothing more is announced; its end is")
    func flood() throws {
        var view = ConsoleView()
        for id in 1...10_000 { view.take(event(Int64(id), at: Int64(id) / 100, ward: "w\(id % 45)")) }
        #expect(kinds(view) == Array(repeating: .alert, count: 9) + [.floodBegan])
        #expect(view.flood?.count == 10_000)
        #expect(view.flood?.pinned.shown.map(\.id) == [1])
        view.advance(to: 10 * Span.minute + 98)
        #expect(view.flood != nil)
        view.advance(to: 11 * Span.minute)
        #expect(view.flood == nil)
        let end = try #require(view.announcements.last)
        #expect(end.kind == .floodEnded && end.count == 10_000)
        #expect(end.atMs == 10 * Span.minute + 99)
    }

    @Test("a flood begins with its alerts as they are then: taken, set aside, or over")
    func beginsAsTheyAre() throws {
        var view = ConsoleView()
        for id in 1...9 { view.take(event(Int64(id), at: 0, id == 4 ? .critical : .medium)) }
        view.take(event(10, at: 1, alert: 1, .medium, .acknowledged, .acknowledge))
        view.take(event(11, at: 2, alert: 2, .medium, .shelved, .shelve))
        view.take(event(12, at: 3, alert: 3, .medium, .acknowledged, .acknowledge))
        view.take(event(13, at: 4, alert: 3, .medium, .normal, .conditionGone))
        view.take(event(14, at: 5, alert: 4, .critical, .acknowledged, .acknowledge))
        view.take(event(15, at: 6, alert: 4, .critical, .normal, .conditionGone))
        view.take(event(16, at: 7))
        let flood = try #require(view.flood)
        let group = try #require(flood.folded.first)
        #expect(flood.count == 10 && group.count == 10)
        #expect(group.standing == 7 && group.unacknowledged == 6)
        #expect(flood.pinned.shown.map(\.state) == [.acknowledged])
    }

    @Test("a flood begun by alerts ends when fewer than five are left of ten minutes")
    func end() {
        var view = ConsoleView()
        for minute in 0..<10 { view.take(event(Int64(minute + 1), at: Int64(minute) * Span.minute)) }
        #expect(view.flood != nil)
        view.advance(to: 15 * Span.minute - 1)
        #expect(view.flood != nil)
        view.advance(to: 15 * Span.minute)
        #expect(view.flood == nil)
    }

    @Test("a critical one is pinned until it is over, and announced while there is room")
    func critical() {
        var view = ConsoleView()
        for id in 1...10 { view.take(event(Int64(id), at: 0)) }
        view.take(event(11, at: 1, .critical))
        #expect(view.announcements.count == 10)
        for id in 12...20 { view.take(event(Int64(id), at: 5 * Span.minute)) }
        for id in 21...40 { view.take(event(Int64(id), at: 11 * Span.minute, .critical)) }
        #expect(view.latest.map(\.event) == Array(21...28))
        #expect(view.flood?.pinned.shown.map(\.id) == [1, 11] + Array(21...28))
        #expect(view.flood?.pinned.more == 12)
        view.take(event(41, at: 12 * Span.minute, alert: 11, .critical, .normal, .conditionGone))
        #expect(view.flood?.pinned.shown.map(\.id) == [1] + Array(21...29))
    }

    @Test("a group counts what stands and what nobody has taken, in place")
    func group() throws {
        var view = ConsoleView()
        for id in 1...12 { view.take(event(Int64(id), at: 0, ward: id % 2 == 0 ? "a" : "b")) }
        view.take(event(13, at: 1, alert: 2, .medium, .acknowledged, .acknowledge))
        view.take(event(14, at: 1, alert: 4, .medium, .returned, .conditionGone))
        let group = try #require(view.flood?.folded.first { $0.place.ward == "a" })
        #expect(group.count == 6 && group.standing == 5 && group.unacknowledged == 4)
        #expect(group.firstOut.id == 2)
    }

    @Test("many groups are folded: wards of a rule, then rules of a domain, then all")
    func folding() throws {
        func groups(_ places: [(String, String, String)]) throws -> [ConsoleGroup] {
            var view = ConsoleView()
            for (index, place) in places.enumerated() {
                view.take(
                    event(Int64(index + 1), at: 0, rule: place.1, ward: place.2, domain: place.0))
            }
            let folded = try #require(view.flood).folded
            #expect(folded.reduce(0) { $0 + $1.count } == places.count)
            #expect(folded.count <= ConsoleGroup.most)
            return folded
        }
        let wards = try groups(
            (0..<45).flatMap { [("works", "A", "w\($0)"), ("works", "B", "w\($0 % 10)")] })
        #expect(wards.count == 11)
        #expect(wards[0].place == .init(domain: "works", rule: "A") && wards[0].count == 45)
        let rules = try groups((0..<60).map { (["works", "air"][$0 % 2], "R\($0)", "w") })
        #expect(rules.contains { $0.place == .init(domain: "air") && $0.count == 30 })
        #expect(try groups((0..<60).map { ("d\($0)", "R", "w") }).map(\.place) == [.init()])
    }

    /// New alerts in bursts and pauses, some of them critical, some over.
    private func story(_ chance: inout SeededGenerator, length: Int) -> [ConsoleEvent] {
        var time: Milliseconds = 0
        return (1...length).map { id in
            time += [0, 1, 1_000, 60_000, 240_000, 900_000].randomElement(using: &chance)!
            if id > 3, Int.random(in: 0..<3, using: &chance) == 0 {
                return event(Int64(id), at: time, alert: Int64(id - 2), .medium, .normal, .conditionGone)
            }
            return event(
                Int64(id), at: time, ward: "w\(id % 7)", Bool.random(using: &chance) ? .critical : .low)
        }
    }

    @Test(
        "there are never more than ten announcements in ten minutes", arguments: 1...20 as ClosedRange<UInt64>
    )
    func bound(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var view = ConsoleView()
        var positions: [ConsolePosition] = []
        for event in story(&chance, length: 400) {
            view.take(event)
            for new in view.announcements where new.position > positions.last ?? .init(atMs: -1, event: 0) {
                positions.append(new.position)
            }
            #expect(view.latest.count <= ConsoleView.most)
        }
        for (first, eleventh) in zip(positions, positions.dropFirst(ConsoleView.most)) {
            #expect(eleventh.atMs - first.atMs >= FloodMeter.window)
        }
    }

    @Test(
        "behind twenty minutes with fewer than five it is the same wherever it began",
        arguments: 1...20 as ClosedRange<UInt64>)
    func anywhere(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let events = story(&chance, length: 200)
        let starts = events.indices.filter { index in
            let end = events[index].recordedMs
            // Those at the same moment are all behind it or all before it.
            guard index + 1 == events.count || events[index + 1].recordedMs > end else { return false }
            return events.count {
                $0.isNew && $0.recordedMs <= end && $0.recordedMs > end - ConsoleView.quiet
            }
                < ConsoleView.quietCount
        }
        #expect(!starts.isEmpty)
        for start in starts {
            let from = events[start].recordedMs - ConsoleView.quiet
            var whole = ConsoleView()
            var part = ConsoleView()
            for event in events {
                whole.take(event)
                if event.recordedMs > from { part.take(event) }
                guard event.recordedMs > events[start].recordedMs else { continue }
                let left = ConsolePicture(whole, open: [:], priorities: [:])
                #expect(ConsolePicture(part, open: [:], priorities: [:]) == left)
            }
        }
    }

    @Test("a place in the announcements is written and read")
    func position() {
        let place = ConsolePosition(atMs: 17, event: 3)
        #expect(ConsolePosition("\(place)") == place)
        #expect(ConsolePosition("17") == nil && ConsolePosition("-1-3") == nil)
    }
}
