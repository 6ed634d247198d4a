import TestSupport
import Testing

@testable import Broker

@Suite("IntakeClient with a real mosquitto", .serialized, .timeLimit(.minutes(1)))
struct IntakeTests {
    let server: MosquittoServer
    init() throws { server = try MosquittoServer() }

    @Test("messages arrive in order, at QoS 1, settled in fewer bursts than messages")
    func order() throws {
        let intake = try RunningIntake(server.settings("intake"))
        #expect(eventually { intake.handler.now.connections == [false] })
        try server.publish(numbers(1...2000))
        #expect(eventually { intake.handler.now.messages.count == 2000 })
        let record = intake.handler.now
        #expect(record.payloads == numbers(1...2000))
        #expect(
            record.messages.allSatisfy {
                $0.qos == 1 && $0.packetID > 0 && $0.topic == "ioc/test" && !$0.retained
            })
        #expect(record.settlements < 2000)
        #expect(intake.stop())
    }

    @Test("an echo comes back behind everything the broker held, and only once that is settled")
    func echo() throws {
        let settings = server.settings(
            "intake", subscriptions: ["ioc/test"], stateTopic: "ioc/v1/state/intake")
        let first = try RunningIntake(settings)
        #expect(eventually { first.handler.now.echoes.map(\.number) == [1] })
        #expect(first.handler.now.subscriptions == 1)
        #expect(first.stop())
        try server.publish(numbers(1...500))

        let handler = RecordingHandler()
        handler.set {
            $0.nextEcho = 2
            $0.answer = .failed
        }
        let second = try RunningIntake(settings, handler)
        #expect(eventually { handler.now.settlements >= 3 })
        #expect(handler.now.echoes.isEmpty)
        handler.set { $0.answer = .durable }
        #expect(eventually(within: 20) { !handler.now.echoes.isEmpty })
        let echo = handler.now.echoes[0]
        #expect(echo.number == 2)
        #expect(Set(handler.now.payloads.prefix(echo.messages)).count == 500)
        #expect(second.stop())
    }

    @Test("an echo that we cannot have sent says nothing, whoever publishes it")
    func foreignEchoes() throws {
        let settings = server.settings(
            "intake", subscriptions: ["ioc/test"], stateTopic: "ioc/v1/state/intake")
        let topic = "ioc/v1/state/intake/echo"
        try server.publish(["1"], to: topic, retain: true)
        let handler = RecordingHandler()
        handler.set { $0.nextEcho = 7 }
        let intake = try RunningIntake(settings, handler)
        #expect(eventually { !handler.now.echoes.isEmpty })
        for foreign in ["\(Int64.min)", "-1", "0", "8", "\(Int64.max)", "x"] {
            try server.publish([foreign], to: topic)
        }
        let before = handler.now.echoes.count
        #expect(eventually(within: 20) { handler.now.echoes.count > before })
        #expect(handler.now.echoes.allSatisfy { $0.number == 7 })
        #expect(intake.stop())
    }

    @Test("a refused filter is told to the handler, and is not taken for a subscription")
    func refusedFilter() throws {
        let handler = RecordingHandler()
        let client = try IntakeClient(
            settings: server.settings("intake", subscriptions: ["ioc/a", "ioc/b"]), handler: handler)
        client.accepted(sessionPresent: false)
        client.subscriptionRefused()
        client.subscriptionGranted()
        #expect(handler.now.subscriptions == 0)
        #expect(
            handler.now.errors.map(\.description) == [
                "user \"ioc\" may not read some of ioc/a, ioc/b at the broker 127.0.0.1:\(server.port); "
                    + "allow it in the broker's access list"
            ])
        client.accepted(sessionPresent: false)
        client.subscriptionGranted()
        client.subscriptionRefused()
        #expect(handler.now.subscriptions == 1 && handler.now.errors.count == 1)
    }

    @Test("what was settled as durable is acknowledged and does not come again")
    func acknowledged() throws {
        let first = try RunningIntake(server.settings("intake"))
        #expect(eventually { first.handler.now.connections.count == 1 })
        try server.publish(numbers(1...100))
        #expect(eventually { first.handler.now.messages.count == 100 })
        #expect(first.stop())

        try server.publish(numbers(101...150))
        let second = try RunningIntake(server.settings("intake"))
        #expect(eventually { second.handler.now.messages.count >= 50 })
        #expect(second.handler.now.connections == [true])
        #expect(second.handler.now.payloads == numbers(101...150))
        #expect(second.stop())
    }

    @Test("after a failed settlement nothing was acknowledged: all comes again, and not before storage works")
    func failedSettlement() throws {
        let handler = RecordingHandler()
        handler.set { $0.answer = .failed }
        let intake = try RunningIntake(server.settings("intake"), handler)
        #expect(eventually { handler.now.connections.count == 1 })
        try server.publish(numbers(1...50))
        #expect(eventually { handler.now.settlements >= 3 })
        let during = handler.now
        #expect(during.connections.count == 1)
        #expect(intake.client.state.phase == .storageFailed)
        #expect(during.disconnections.first?.contains("without acknowledging") == true)

        handler.set { $0.answer = .durable }
        #expect(eventually { handler.now.messages.count == during.messages.count + 50 })
        let after = handler.now
        #expect(after.connections == [false, true])
        #expect(after.payloads.suffix(50) == numbers(1...50)[...])
        let again = after.messages.dropFirst(during.messages.count).prefix(during.messages.count)
        #expect(again.map(\.packetID) == during.messages.map(\.packetID))
        #expect(intake.stop())
    }

    @Test("a client that ends without settling gets the same messages again in the same order")
    func endWithoutFlush() throws {
        let first = try RunningIntake(server.settings("intake"))
        #expect(eventually { first.handler.now.connections.count == 1 })
        first.handler.set { $0.answer = .stopping }
        try server.publish(numbers(1...100))
        #expect(first.waitForEnd())
        let seen = first.handler.now.messages
        #expect(!seen.isEmpty)

        let second = try RunningIntake(server.settings("intake"))
        #expect(eventually { second.handler.now.messages.count >= 100 })
        #expect(second.handler.now.connections == [true])
        #expect(second.handler.now.payloads == numbers(1...100))
        #expect(Array(second.handler.now.messages.prefix(seen.count)) == seen)
        #expect(second.stop())
    }

    @Test("a full handler stops the reading, and nothing is lost")
    func fullHandler() throws {
        let handler = RecordingHandler()
        handler.set { $0.capacity = 100 }
        let intake = try RunningIntake(server.settings("intake"), handler)
        #expect(eventually { handler.now.connections.count == 1 })
        try server.publish(numbers(1...20_000))
        #expect(eventually { handler.now.messages.count == 100 })
        #expect(!eventually(within: 0.2) { handler.now.messages.count > 100 })

        handler.set { $0.capacity = .max }
        intake.client.wake()
        #expect(eventually { handler.now.messages.count == 20_000 })
        #expect(handler.now.payloads == numbers(1...20_000))
        #expect(handler.now.disconnections.isEmpty)
        #expect(intake.stop())
    }

    @Test("a retained value comes with the first subscription and not again with each resume")
    func retained() throws {
        try server.publish(["on"], to: "ioc/switch", retain: true)
        let first = try RunningIntake(server.settings("intake"))
        #expect(eventually { first.handler.now.messages.count == 1 })
        #expect(first.handler.now.messages.first?.retained == true)
        #expect(first.stop())

        let second = try RunningIntake(server.settings("intake"))
        #expect(eventually { second.handler.now.connections == [true] })
        try server.publish(["news"])
        #expect(eventually { second.handler.now.messages.count >= 1 })
        #expect(second.handler.now.payloads == ["news"])
        #expect(second.stop())
    }

    @Test("an empty payload and a payload of 100 KiB arrive whole")
    func payloadSizes() throws {
        let intake = try RunningIntake(server.settings("intake"))
        #expect(eventually { intake.handler.now.connections.count == 1 })
        let large = String(repeating: "x", count: 100 * 1024)
        try server.publish(["", large])
        #expect(eventually { intake.handler.now.messages.count == 2 })
        #expect(intake.handler.now.payloads == ["", large])
        #expect(intake.stop())
    }

    @Test("settings that cannot work are refused before anything is connected")
    func badSettings() {
        let handler = RecordingHandler()
        #expect(throws: BrokerError(.settings, "\"ioc/#/x\" is no MQTT topic filter; check subscriptions")) {
            try IntakeClient(
                settings: server.settings("intake", subscriptions: ["ioc/#/x"]), handler: handler)
        }
        var settings = server.settings("intake")
        settings.tls = TLSSettings(caFile: "/nowhere/ca.pem")
        #expect {
            try IntakeClient(settings: settings, handler: handler)
        } throws: {
            "\($0)" == "cannot read /nowhere/ca.pem: No such file or directory; check path and rights"
        }
    }

    @Test("the library says its version")
    func version() { #expect(mosquittoLibraryVersion().hasPrefix("2.")) }
}
