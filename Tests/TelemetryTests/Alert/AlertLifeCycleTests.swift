import Testing

@testable import Telemetry

@Suite("The life of an alert in the engine")
struct AlertLifeCycleTests {
    private func ground(_ change: (inout AlertRule) -> Void = { _ in }) throws -> AlertGround {
        try AlertGround([AlertGround.rule(AlertGround.above5, change)], [("w-1", "a", nil, [])])
    }

    @Test("a latched one stays until it is reset, and comes back as the same alert if the condition does")
    func latched() throws {
        let ground = try ground { $0.conduct.latches = true }
        ground.say("w-1", 9, at: 0)
        #expect(ground.operate(.acknowledge, "w-1", at: 0.5) == .acknowledged)
        ground.say("w-1", 1, at: 1)
        #expect(ground.state("w-1") == .latched)
        #expect(ground.operate(.acknowledge, "w-1", at: 1.2) == nil)
        ground.say("w-1", 9, at: 2)
        #expect(ground.state("w-1") == .unacknowledged)
        #expect(ground.engine.onset(rule: "High", scope: "w-1") == ground.time(0))
        ground.say("w-1", 1, at: 3)
        #expect(ground.state("w-1") == .returned)
        #expect(ground.operate(.acknowledge, "w-1", at: 3.5) == .latched)
        #expect(ground.operate(.reset, "w-1", at: 4) == .normal)
        #expect(ground.operate(.reset, "w-1", at: 4) == nil)
    }

    @Test("an acknowledgement ages: what still stands is unacknowledged again, and what is gone is not")
    func ageing() throws {
        let ground = try ground { $0.conduct.acknowledgementAge = 10 * Span.minute }
        ground.say("w-1", 9, at: 0)
        _ = ground.operate(.acknowledge, "w-1", at: 1)
        ground.say("w-1", 9, at: 10.9)
        #expect(ground.state("w-1") == .acknowledged)
        ground.say("w-1", 9, at: 11)
        #expect(ground.state("w-1") == .unacknowledged)
        #expect(ground.told().last == "w-1 acknowledgement-aged→unacknowledged")
        _ = ground.operate(.acknowledge, "w-1", at: 12)
        ground.say("w-1", 1, at: 13)
        ground.wait(until: 40)
        #expect(ground.state("w-1") == .normal)
    }

    @Test("what nobody takes goes to the next unit, step by step, and to nobody once somebody has it")
    func escalation() throws {
        let ground = try ground {
            $0.conduct.escalations = [
                .init(after: 5 * Span.minute, unit: "ward"), .init(after: 20 * Span.minute, unit: "city"),
            ]
        }
        ground.say("w-1", 9, at: 0)
        var leads: [String] = []
        for minute in 1...30 {
            ground.say("w-1", 9, at: Double(minute))
            leads += ground.events().filter { $0.cause == .escalated }.map {
                "\(minute) \($0.lead)"
            }
        }
        #expect(leads == ["5 ward", "20 city"])
        _ = ground.operate(.acknowledge, "w-1", at: 31)
        ground.say("w-1", 9, at: 90)
        #expect(!ground.told().contains("w-1 escalated→unacknowledged"))
    }

    @Test("one whose device falls silent stands, and says since when nobody knows")
    func unverified() throws {
        let ground = try ground()
        ground.say("w-1", 9, at: 0)
        _ = ground.told()
        ground.wait(until: 3)
        #expect(ground.told() == [])
        ground.wait(until: 3.1)
        let told = ground.events()
        #expect(told.map(\.cause) == [.unverified] && told.first?.unverifiedSince == ground.time(0))
        #expect(ground.state("w-1") == .unacknowledged)
        ground.say("w-1", 9, at: 60)
        #expect(ground.told() == ["w-1 verified→unacknowledged"])
    }

    @Test(
        "one that is set aside does not say that its device is silent; back again it says what is so by then",
        arguments: [true, false])
    func unverifiedAside(speaks: Bool) throws {
        let ground = try ground()
        ground.say("w-1", 9, at: 0)
        ground.wait(until: 5)
        let hour = AlertCommand.Action.shelve(until: ground.time(65), isOneShot: false)
        #expect(ground.operate(hour, "w-1", at: 5) == .shelved)
        #expect(ground.events().map(\.unverifiedSince) == [nil, ground.time(0), nil])
        if speaks { ground.say("w-1", 9, at: 64) }
        ground.wait(until: 65)
        let told = ground.events()
        #expect(told.map(\.cause) == [.shelfEnds, .shelfEnded])
        #expect(told.map(\.unverifiedSince) == [nil, speaks ? nil : ground.time(0)])
    }

    @Test(
        "a shelved one is evaluated unseen, is told of before its time is over, and comes back as it is by then"
    )
    func shelved() throws {
        let ground = try ground()
        ground.say("w-1", 9, at: 0)
        let hour = AlertCommand.Action.shelve(until: ground.time(60), isOneShot: false)
        #expect(ground.operate(hour, "w-1", at: 0.5) == .shelved)
        _ = ground.told()
        for minute in 1...48 { ground.say("w-1", minute.isMultiple(of: 2) ? 9 : 1, at: Double(minute)) }
        #expect(ground.told() == [])
        ground.say("w-1", 9, at: 50)
        #expect(ground.told() == ["w-1 shelf-ends→shelved"])
        ground.say("w-1", 9, at: 60)
        #expect(ground.told() == ["w-1 shelf-ended→unacknowledged"])
        #expect(ground.engine.onset(rule: "High", scope: "w-1") == ground.time(0))
    }

    @Test("a shelf is at most twelve hours long; one for once ends with the condition")
    func shelfEnds() throws {
        let ground = try ground()
        ground.say("w-1", 9, at: 0)
        _ = ground.operate(.shelve(until: .max, isOneShot: true), "w-1", at: 0)
        #expect(ground.events().last?.hiddenUntil == ground.time(12 * 60))
        ground.say("w-1", 1, at: 1)
        #expect(ground.told() == ["w-1 condition-gone→normal"])
    }

    @Test("out of service nothing is told, whatever comes; back in service what stands is there")
    func outOfService() throws {
        let ground = try ground()
        #expect(ground.operate(.takeOutOfService, "w-1", at: 0) == .outOfService)
        #expect(ground.operate(.takeOutOfService, "w-1", at: 0) == nil)
        _ = ground.told()
        ground.say("w-1", 9, at: 1)
        #expect(ground.told() == [])
        #expect(ground.operate(.acknowledge, "w-1", at: 2) == nil)
        #expect(ground.operate(.putIntoService, "w-1", at: 3) == .unacknowledged)
        _ = ground.operate(.takeOutOfService, "w-1", at: 4)
        ground.say("w-1", 1, at: 5)
        #expect(ground.operate(.putIntoService, "w-1", at: 6) == .normal)
    }

    @Test("out of service an alert that comes is a new one, since then")
    func onsetOutOfService() throws {
        let ground = try ground { $0.conduct.onDelay = 2 * Span.minute }
        for (away, onset, back) in [(0, 60, 70), (80, 90, 100)] as [(Double, Double, Double)] {
            _ = ground.operate(.takeOutOfService, "w-1", at: away)
            ground.say("w-1", 1, at: onset - 1)
            for minute in stride(from: onset, to: back, by: 1) { ground.say("w-1", 9, at: minute) }
            _ = ground.told()
            #expect(ground.operate(.putIntoService, "w-1", at: back) == .unacknowledged)
            let event = try #require(ground.events().first)
            #expect(event.identity.onset == ground.time(onset))
            #expect(event.raised == ground.time(onset + 2))
        }
    }

    @Test("a restart puts every state back, and timers go on where they were")
    func restart() throws {
        let rule = AlertGround.rule(AlertGround.above5) {
            $0.conduct.escalations = [.init(after: 10 * Span.minute, unit: "ward")]
        }
        let devices: [(String, String, String?, [String])] = [("w-1", "a", nil, [])]
        let before = try AlertGround([rule], devices)
        before.say("w-1", 9, at: 0)
        before.say("w-1", 9, at: 7)
        let kept = before.engine.takeChanges()
        let after = try AlertGround([rule], devices)
        for state in kept { #expect(after.restore(state)) }
        after.say("w-1", 9, at: 9.9)
        #expect(after.told() == [])
        after.say("w-1", 9, at: 10)
        #expect(after.told() == ["w-1 escalated→unacknowledged"])
    }

    @Test("a restart with fewer steps and thresholds than the alert had goes on with those that are left")
    func shrunk() throws {
        let devices: [(String, String, String?, [String])] = [("w-1", "a", nil, [])]
        func ground(_ condition: AlertCondition, steps: Int) throws -> AlertGround {
            let rule = AlertGround.rule(condition) {
                $0.conduct.escalations = (0..<steps).map {
                    .init(after: Int64($0 + 1) * Span.minute, unit: "unit \($0)")
                }
            }
            return try AlertGround([rule], devices)
        }
        let above20 = AlertCondition.threshold(
            measurement: "level", window: nil, limit: .above(20, clear: 20))
        let before = try ground(.any([above20, AlertGround.above5]), steps: 2)
        for minute in 0...4 { before.say("w-1", 9, at: Double(minute)) }
        #expect(before.events().last?.lead == "unit 1")
        let kept = before.engine.takeChanges()
        #expect(kept.map(\.headline) == [1] && kept.map(\.machine.escalated) == [2])
        let after = try ground(above20, steps: 0)
        for state in kept { #expect(after.restore(state)) }
        for minute in 1...4 { after.say("w-1", 30, at: Double(minute)) }
        #expect(after.told() == [])
        let hour = AlertCommand.Action.shelve(until: after.time(60), isOneShot: false)
        #expect(after.operate(hour, "w-1", at: 5) == .shelved)
        #expect(after.operate(.unshelve, "w-1", at: 6) == .unacknowledged)
        after.say("w-1", 1, at: 7)
        let told = after.events()
        #expect(told.map(\.to) == [.shelved, .unacknowledged, .returned])
        #expect(told.map(\.lead) == ["keepers", "keepers", "keepers"])
    }

    @Test("one whose shelf is over is announced anew: the steps of its escalation begin again")
    func escalatedAgain() throws {
        let ground = try ground { $0.conduct.escalations = [.init(after: 5 * Span.minute, unit: "ward")] }
        ground.say("w-1", 9, at: 0)
        ground.say("w-1", 9, at: 5)
        #expect(ground.events().last?.lead == "ward")
        let shelf = AlertCommand.Action.shelve(until: ground.time(10), isOneShot: false)
        #expect(ground.operate(shelf, "w-1", at: 6) == .shelved)
        _ = ground.events()
        for minute in 7...16 { ground.say("w-1", 9, at: Double(minute)) }
        let told = ground.events().map { "\($0.cause.rawValue) \($0.lead)" }
        #expect(told.suffix(2) == ["shelf-ended keepers", "escalated ward"])
    }

    @Test("late data that would have been judged otherwise is told of, and undoes nothing")
    func hindsight() throws {
        let ground = try ground()
        ground.say("w-1", 1, at: 0)
        ground.say("w-1", 1, at: 10)
        let slot = ground.registry.seriesIDs[0][0]
        ground.engine.read(Reading(series: slot, time: ground.time(5), value: 9))
        ground.engine.read(Reading(series: slot, time: ground.time(6), value: 4.5))
        #expect(ground.state("w-1") == .normal)
        let told = ground.hindsights()
        #expect(
            told == [
                AlertHindsight(
                    rule: "High", scope: "w-1", at: ground.time(5), value: 9, limit: 5, holds: true)
            ])
        #expect(ground.hindsights() == [])
    }

    @Test("of a time before the first evidence nothing was decided, so nothing would have been otherwise")
    func beforeTheFirst() throws {
        let ground = try ground()
        ground.say("w-1", 1, at: 10)
        let slot = ground.registry.seriesIDs[0][0]
        for value in [1.0, 9] {
            ground.engine.read(Reading(series: slot, time: ground.time(5), value: value))
        }
        #expect(ground.hindsights() == [])
        ground.say("w-1", 9, at: 20)
        ground.engine.read(Reading(series: slot, time: ground.time(15), value: 9))
        #expect(ground.hindsights().map(\.holds) == [true])
    }
}
