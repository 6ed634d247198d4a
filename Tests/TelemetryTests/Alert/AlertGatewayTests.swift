import Testing

@testable import Telemetry

@Suite("Devices behind a gateway")
struct AlertGatewayTests {
    private static let silent = AlertCondition.quiet(cadences: 3)
    private static let devices: [(key: String, ward: String, gateway: String?, tags: [String])] =
        [("gate", "a", nil, []), ("w-1", "a", "gate", []), ("w-2", "a", "gate", []), ("alone", "a", nil, [])]

    private func ground() throws -> AlertGround {
        let ground = try AlertGround(
            [
                AlertGround.rule(Self.silent, name: "Silent"),
                AlertGround.rule(AlertGround.above5, devices: ["w-1", "w-2"]),
            ], Self.devices)
        for device in Self.devices { ground.say(device.key, 1, at: 0) }
        _ = ground.told()
        return ground
    }

    /// They are heard once a minute.
    private func hear(_ devices: String..., in minutes: ClosedRange<Int>, _ ground: AlertGround) {
        for minute in minutes {
            for device in devices { ground.say(device, 1, at: Double(minute)) }
        }
    }

    @Test("are not told of while it is down: one alert for the gateway, the others are suppressed")
    func folded() throws {
        let ground = try ground()
        hear("alone", in: 1...10, ground)
        let told = ground.told()
        #expect(
            told == [
                "gate condition→unacknowledged", "w-1 condition→suppressed", "w-2 condition→suppressed",
            ])
        #expect(ground.state("w-1", rule: "Silent") == .suppressed)
    }

    @Test("are told of when it is heard and they are not")
    func atFault() throws {
        let ground = try ground()
        hear("gate", "alone", "w-2", in: 1...10, ground)
        #expect(ground.told() == ["w-1 condition→unacknowledged"])
    }

    @Test(
        "have their time to be heard over it when it is back; who is heard returns unseen, who is not is told of"
    )
    func back() throws {
        let ground = try ground()
        hear("alone", in: 1...10, ground)
        _ = ground.told()
        hear("gate", "alone", in: 11...12, ground)
        hear("gate", "alone", "w-1", in: 13...14, ground)
        #expect(ground.told() == ["gate condition-gone→returned", "w-1 condition-gone→normal"])
        ground.say("gate", 1, at: 14.1)
        #expect(ground.told() == ["w-2 suppression-ended→unacknowledged"])
    }

    @Test("are told of in their time where the gateway was heard as soon as anybody listened")
    func fromTheBeginning() throws {
        let ground = try ground()
        hear("gate", "w-2", "alone", in: 1...3, ground)
        ground.say("gate", 1, at: 3.5)
        #expect(ground.told() == ["w-1 condition→unacknowledged"])
    }

    @Test("are not told of after a restart while it is still down")
    func restarted() throws {
        let before = try ground()
        hear("alone", in: 1...10, before)
        let ground = try AlertGround(before.engine.rules, Self.devices, from: 20)
        ground.restore(before)
        hear("alone", in: 20...30, ground)
        #expect(ground.told() == [])
        #expect(ground.state("w-1", rule: "Silent") == .suppressed)
        hear("gate", "alone", "w-1", in: 31...34, ground)
        #expect(ground.told() == ["gate condition-gone→returned", "w-1 condition-gone→normal"])
        ground.say("gate", 1, at: 34.1)
        #expect(ground.told() == ["w-2 suppression-ended→unacknowledged"])
    }

    @Test("that have an alert when it goes down keep it, and a new one on a value comes up suppressed")
    func values() throws {
        let ground = try ground()
        ground.say("w-1", 9, at: 1)
        hear("alone", in: 2...6, ground)
        #expect(ground.state("w-1") == .unacknowledged)
        // A value that was on its way.
        let slot = ground.registry.slot(ofKey: "w-2")!
        ground.engine.read(
            Reading(series: ground.registry.seriesIDs[slot][0], time: ground.time(6), value: 9))
        #expect(ground.state("w-2") == .suppressed)
        ground.say("gate", 1, at: 7)
        ground.wait(until: 7.1)
        #expect(ground.state("w-2") == .unacknowledged)
    }
}
