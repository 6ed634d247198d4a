import TestSupport
import Testing

@testable import Telemetry

/// Evidence that changes nothing is dropped by one look: what was settled must not outlive what it rested on.
@Suite("Evidence that was settled")
struct AlertWatchTests {
    private static let window = AlertCondition.threshold(
        measurement: "level", window: AlertWindow(length: Span.minute, statistic: .mean),
        limit: .above(5, clear: 4))

    private func ground(_ condition: AlertCondition) throws -> AlertGround {
        try AlertGround([AlertGround.rule(condition)], [("a-1", "a", nil, [])])
    }

    /// The minute from `start` on, with one reading in it.
    private func close(_ value: Double, from start: Double, _ ground: AlertGround) {
        let reading = Reading(
            series: ground.registry.seriesIDs[0][0], time: ground.time(start), value: value)
        var sum = Accumulator()
        sum.add(reading, kind: .gauge)
        ground.engine.closed([
            Rollup(
                series: reading.series, tier: .minute, start: ground.time(start), accumulator: sum,
                detail: .none)
        ])
        ground.wait(until: start + 1.1)
    }

    @Test("a part that turned, and turned back while the rest was unknown, does not count as turned")
    func turnedBack() throws {
        let ground = try ground(.all([AlertGround.above5, Self.window]))
        ground.say("a-1", 9, at: 0.1)
        ground.say("a-1", 1, at: 0.5)
        close(9, from: 0, ground)
        #expect(ground.state("a-1") == .normal)
        ground.say("a-1", 9, at: 1.2)
        #expect(ground.state("a-1") == .unacknowledged)
    }

    @Test("while one part holds, the other is not settled: either way is told")
    func eitherPart() throws {
        let ground = try ground(.any([AlertGround.above5, Self.window]))
        ground.say("a-1", 9, at: 0.1)
        #expect(ground.state("a-1") == .unacknowledged)
        close(9, from: 0, ground)
        ground.say("a-1", 1, at: 1.2)
        #expect(ground.state("a-1") == .unacknowledged, "the window goes on holding")
        close(1, from: 1, ground)
        #expect(ground.state("a-1") == .returned)
    }

    @Test("a value that says nothing new is still the newest: the alert tells of it")
    func newestValue() throws {
        let ground = try ground(AlertGround.above5)
        ground.say("a-1", 1, at: 0)
        ground.say("a-1", 2, at: 0.1)
        ground.say("a-1", 9, at: 0.2)
        ground.say("a-1", 7, at: 0.3)
        #expect(ground.events().map(\.value) == [9])
        _ = ground.operate(.acknowledge, "a-1", at: 0.4)
        #expect(
            ground.engine.explanation(rule: "High", scope: "a-1", at: ground.time(0.5))?.terms[0].value == 7)
    }

    @Test("of one threshold nothing is kept before it held, and then also that it holds no more")
    func kept() throws {
        let ground = try ground(AlertGround.above5)
        ground.say("a-1", 1, at: 0)
        #expect(ground.engine.takeChanges() == [])
        ground.say("a-1", 9, at: 1)
        #expect(ground.engine.takeChanges().map(\.machine.holds) == [true])
        ground.say("a-1", 1, at: 2)
        #expect(ground.engine.takeChanges().map(\.machine.holds) == [false])
    }

    private static let limits: [AlertLimit] = [
        .above(5, clear: 4), .above(7, clear: 7), .below(2, clear: 3), .outside(1...8, clear: 2...7),
        .equals(6), .atMost(2),
    ]

    @Test("rules on the same measurement share what is remembered of it, and each says what it says alone")
    func shared() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let rules = Self.limits.enumerated().map { number, limit in
            AlertGround.rule(
                .threshold(measurement: "level", window: nil, limit: limit), name: "Rule\(number)")
        }
        let together = try AlertGround(rules, [("a-1", "a", nil, [])])
        let alone = try rules.map { try AlertGround([$0], [("a-1", "a", nil, [])]) }
        var newest = 0.0
        for _ in 0..<300 {
            let value = Double(Int.random(in: 0...20, using: &random)) / 2
            // Some come late.
            let isLate = Int.random(in: 0..<8, using: &random) == 0
            newest += isLate ? 0 : 0.25
            for ground in [together] + alone {
                if isLate {
                    let slot = ground.registry.slot(ofKey: "a-1")!
                    let time = ground.time(newest - 0.1)
                    ground.engine.read(
                        Reading(series: ground.registry.seriesIDs[slot][0], time: time, value: value))
                } else {
                    ground.say("a-1", value, at: newest)
                }
            }
        }
        let events = together.events()
        let hindsights = together.hindsights()
        for (rule, ground) in zip(rules, alone) {
            let own = ground.events()
            #expect(!own.isEmpty, "seed \(seed)")
            #expect(events.filter { $0.identity.rule == rule.name } == own, "\(rule.name), seed \(seed)")
            #expect(hindsights.filter { $0.rule == rule.name } == ground.hindsights(), "seed \(seed)")
        }
    }

    @Test(
        "values that change nothing are those with which a limit goes on saying the same", arguments: limits)
    func calm(limit: AlertLimit) {
        for before in [false, true] {
            let calm = CalmValues(of: limit, before: before)
            for value in stride(from: -1.0, through: 10, by: 0.25) where calm.contains(value) {
                #expect(limit.holds(at: value, before: before) == before, "\(value)")
            }
            // Where they are not one interval, none is known.
            guard calm != .none else { continue }
            for value in stride(from: -1.0, through: 10, by: 0.25) where !calm.contains(value) {
                #expect(limit.holds(at: value, before: before) != before, "\(value)")
            }
        }
    }
}
