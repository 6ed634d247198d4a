import Testing

@testable import Telemetry

@Suite("Rules on groups")
struct AlertGroupTests {
    private static let devices: [(key: String, ward: String, gateway: String?, tags: [String])] =
        (1...4).map { ("a-\($0)", "a", nil, ["low"]) } + [
            ("b-1", "b", nil, ["low", "old"]), ("c-1", "_", nil, []),
        ]

    private func ground(_ group: AlertGroup) throws -> AlertGround {
        try AlertGround([AlertGround.rule(.group(group))], Self.devices)
    }

    @Test("there is one for each ward, domain or tag that has enough members")
    func groups() throws {
        func keys(_ division: AlertGroup.Division, _ fewest: Int) throws -> [String] {
            let group = AlertGroup(
                division: division, figure: .count(of: AlertGround.above5), limit: .above(1, clear: 1),
                fewest: fewest)
            return try ground(group).engine.groups.map(\.key)
        }
        #expect(try keys(.ward, 1) == ["ward:a", "ward:b"])
        #expect(try keys(.ward, 2) == ["ward:a"])
        #expect(try keys(.domain, 1) == ["domain:garden"])
        #expect(try keys(.tag, 1) == ["tag:low", "tag:old"])
    }

    @Test("a share is of the members that are known, and of fewer than half nothing follows")
    func share() throws {
        let ground = try ground(
            AlertGroup(
                division: .ward, figure: .share(of: AlertGround.above5), limit: .above(0.5, clear: 0.3),
                fewest: 2))
        ground.say("a-1", 9, at: 0)
        ground.wait(until: 0.2)
        #expect(ground.state("ward:a") == .normal)
        ground.say("a-2", 9, at: 0.3)
        ground.wait(until: 0.5)
        #expect(ground.state("ward:a") == .unacknowledged)
        #expect(ground.events().first?.ward == "a")
        ground.say("a-3", 1, at: 0.6)
        ground.say("a-4", 1, at: 0.7)
        ground.wait(until: 1)
        // Half are in it: between 0.3 and 0.5 what held goes on holding.
        #expect(ground.state("ward:a") == .unacknowledged)
        ground.say("a-1", 1, at: 1.1)
        ground.wait(until: 1.2)
        #expect(ground.state("ward:a") == .returned)
    }

    @Test("why a group is where it is: its figure, its limit, and what each member says")
    func explanation() throws {
        let ground = try ground(
            AlertGroup(
                division: .ward, figure: .share(of: AlertGround.above5), limit: .above(0.5, clear: 0.3),
                fewest: 2))
        let rule = ground.engine.rules[0].name
        func explain(at minute: Double) throws -> AlertExplanation {
            try #require(
                ground.engine.explanation(
                    rule: rule, scope: "ward:a", at: AlertGround.start + Milliseconds(minute * 60_000)))
        }
        #expect(try explain(at: 0).gate == .noEvidence)
        ground.say("a-1", 9, at: 0)
        ground.wait(until: 0.1)
        #expect(try explain(at: 0.1).gate == .tooFewMembers)
        ground.say("a-2", 1, at: 0.2)
        ground.wait(until: 0.4)
        #expect(try explain(at: 0.4).gate == .notCrossed)
        ground.say("a-3", 9, at: 0.5)
        ground.wait(until: 0.7)
        let found = try explain(at: 0.7)
        #expect(found.gate == .firing && found.device == "ward:a" && found.state == .unacknowledged)
        #expect(found.members.map(\.device) == ["a-1", "a-2", "a-3", "a-4"])
        #expect(found.members.map(\.holds) == [true, false, true, nil])
        let term = try #require(found.terms.first)
        #expect(term.figure == "share_of" && term.readings == 3 && term.holds == true && term.unit == "1")
        #expect(term.value.map { abs($0 - 2.0 / 3) < 1e-9 } == true)
        #expect(term.limit == .above(0.5, clear: 0.3))
    }

    @Test("a member that has fallen silent says nothing")
    func silentMember() throws {
        let ground = try ground(
            AlertGroup(
                division: .ward, figure: .mean(of: AlertSignal(measurement: "level")),
                limit: .above(5, clear: 4), fewest: 2))
        for device in ["a-1", "a-2", "a-3", "a-4"] { ground.say(device, device == "a-1" ? 30 : 1, at: 0) }
        ground.wait(until: 0.1)
        #expect(ground.state("ward:a") == .unacknowledged)
        for minute in 1...4 {
            for device in ["a-2", "a-3", "a-4"] { ground.say(device, 1, at: Double(minute)) }
        }
        ground.wait(until: 4.2)
        #expect(ground.state("ward:a") == .returned)
    }

    @Test("how many are silent is seen though nobody speaks")
    func silence() throws {
        let ground = try ground(
            AlertGroup(
                division: .ward, figure: .count(of: .quiet(cadences: 3)), limit: .above(2, clear: 1),
                fewest: 3))
        for device in Self.devices { ground.say(device.key, 1, at: 0) }
        ground.say("a-1", 1, at: 3)
        ground.wait(until: 3.4)
        #expect(ground.state("ward:a") == .unacknowledged)
        #expect(ground.events().first?.value == 3)
    }
}
