import Broker
import Foundation
import TestSupport
import Testing

@Suite("IntakeClient and a broker that comes and goes", .serialized, .timeLimit(.minutes(1)))
struct IntakeConnectionTests {
    let server: MosquittoServer
    init() throws { server = try MosquittoServer() }

    @Test("a wrong password is said in a sentence, and tried again")
    func wrongPassword() throws {
        var settings = server.settings("intake")
        settings.password = "wrong"
        let intake = try RunningIntake(settings)
        #expect(eventually { intake.handler.now.errors.count >= 2 })
        let error = try #require(intake.client.state.lastError)
        #expect(error.kind == .refused)
        #expect(
            error.description
                == "the broker at 127.0.0.1:\(server.port) refused user \"ioc\": wrong user name or password, or not "
                + "allowed; check them here and in the broker's password_file")
        #expect(intake.handler.now.connections.isEmpty)
        #expect(intake.stop())
    }

    @Test("without a broker it says so and connects when one starts")
    func noBroker() throws {
        server.stop()
        let intake = try RunningIntake(server.settings("intake"))
        #expect(eventually { intake.handler.now.errors.count >= 2 })
        let error = try #require(intake.client.state.lastError)
        #expect(error.kind == .unreachable)
        #expect(
            error.description.contains("127.0.0.1:\(server.port): Connection refused; check that it runs"))
        try server.start()
        #expect(eventually { intake.client.state.phase == .connected })
        #expect(intake.client.state.lastError == nil)
        #expect(intake.stop())
    }

    @Test("after a clean restart of the broker it resumes its session by itself and misses nothing")
    func brokerRestart() throws {
        let intake = try RunningIntake(server.settings("intake"))
        #expect(eventually { intake.handler.now.connections.count == 1 })
        try server.publish(numbers(1...10))
        #expect(eventually { intake.handler.now.messages.count == 10 })
        try server.restart()
        try server.publish(numbers(11...20))
        // Acknowledgements may still have been on their way when the broker went, so some messages can come twice.
        #expect(eventually { intake.handler.now.firstPayloads == numbers(1...20) })
        #expect(intake.handler.now.connections == [false, true])
        #expect(intake.handler.now.disconnections.count == 1)
        #expect(intake.stop())
    }

    @Test("after a power cut of the broker it connects again and learns that its session is gone")
    func brokerKilled() throws {
        let intake = try RunningIntake(server.settings("intake"))
        #expect(eventually { intake.handler.now.connections.count == 1 })
        server.kill9()
        #expect(eventually { intake.handler.now.disconnections.count == 1 })
        try server.start()
        #expect(eventually { intake.handler.now.connections == [false, false] })
        try server.publish(["after"])
        #expect(eventually { intake.handler.now.payloads == ["after"] })
        #expect(intake.stop())
    }

    @Test(
        "the state topic says online, offline after a stop, and offline by the will when the client is dropped"
    )
    func stateTopic() throws {
        let topic = "ioc/v1/state/intake"
        let watcher = try RunningIntake(server.settings("watcher", subscriptions: [topic]))
        #expect(eventually { watcher.handler.now.connections.count == 1 })
        let settings = server.settings("intake", subscriptions: ["ioc/test"], stateTopic: topic)
        let first = try RunningIntake(settings)
        #expect(eventually { watcher.handler.now.payloads == ["online"] })
        #expect(first.stop())
        #expect(eventually { watcher.handler.now.payloads == ["online", "offline"] })

        let second = try RunningIntake(settings)
        #expect(eventually { watcher.handler.now.payloads.count == 3 })
        second.handler.set { $0.answer = .stopping }
        try server.publish(["unsettled"])
        #expect(second.waitForEnd())
        #expect(eventually { watcher.handler.now.payloads == ["online", "offline", "online", "offline"] })

        let late = try RunningIntake(server.settings("late", subscriptions: [topic]))
        #expect(eventually { late.handler.now.payloads == ["offline"] })
        #expect(late.handler.now.messages.first?.retained == true)
        #expect(late.stop() && watcher.stop())
    }

    @Test("a goodbye under fire acknowledges what is settled and leaves the rest to the next session")
    func stopUnderLoad() throws {
        let first = try RunningIntake(server.settings("intake"))
        #expect(eventually { first.handler.now.connections.count == 1 })
        first.handler.set { $0.capacity = 5000 }
        try server.publish(numbers(1...20_000))
        #expect(eventually { first.handler.now.messages.count == 5000 })
        #expect(first.stop())
        #expect(first.client.state.phase == .stopped)

        let second = try RunningIntake(server.settings("intake"))
        #expect(eventually { second.handler.now.messages.count >= 15_000 })
        #expect(second.handler.now.payloads == numbers(5001...20_000))
        #expect(second.stop())
    }

    @Test("a session hears no more of filters that are wanted no more")
    func unsubscribed() throws {
        let before = try RunningIntake(
            server.settings("intake", subscriptions: ["ioc/test/old/#", "ioc/test"]))
        #expect(eventually { before.handler.now.connections.count == 1 })
        #expect(before.stop())
        var settings = server.settings("intake", subscriptions: ["ioc/test"])
        settings.formerSubscriptions = ["ioc/test/old/#", "ioc/never"]
        let after = try RunningIntake(settings)
        #expect(eventually { after.handler.now.connections == [true] })
        try server.publish(["wanted"])
        #expect(eventually { after.handler.now.payloads == ["wanted"] })
        try server.publish(["not wanted"], to: "ioc/test/old/1")
        try server.publish(["wanted, too"])
        #expect(eventually { after.handler.now.payloads == ["wanted", "wanted, too"] })
        #expect(after.stop())
    }

    @Test("what the broker drops reaches brokerDropped and not receive")
    func dropped() throws {
        var options = MosquittoServer.Options()
        options.maxQueuedMessages = 10
        options.maxInflightMessages = 10
        let small = try MosquittoServer(options)
        let first = try RunningIntake(
            small.settings("intake", subscriptions: ["ioc/#", "$SYS/broker/version"]))
        #expect(eventually { first.handler.now.connections.count == 1 })
        #expect(first.stop())
        try small.publish(numbers(1...100))
        let second = try RunningIntake(
            small.settings("intake", subscriptions: ["ioc/#", "$SYS/broker/version"]))
        #expect(eventually { second.handler.now.dropped ?? 0 > 0 })
        #expect(!second.handler.now.messages.contains { $0.topic.hasSuffix("dropped") })
        #expect(second.stop())
    }

    @Test("a second client with the same id is named as a possible cause")
    func takenOver() throws {
        let first = try RunningIntake(server.settings("twin"))
        #expect(eventually { first.handler.now.connections.count == 1 })
        let second = try RunningIntake(server.settings("twin"))
        #expect(eventually { !first.handler.now.disconnections.isEmpty })
        #expect(
            first.handler.now.disconnections.first?.contains("another client with the id \"twin\"") == true)
        #expect(first.stop() && second.stop())
    }

    @Test("it stops within a second while a connection to nowhere hangs")
    func blackHole() throws {
        let hole = try BlackHole()
        let intake = try RunningIntake(BrokerSettings(port: hole.port, clientID: "intake"))
        #expect(eventually { intake.client.state.phase == .connecting })
        usleep(100_000)
        #expect(intake.stop(within: 1))
    }

    @Test("it stops within a second while a port that is no broker says nothing")
    func silentPort() throws {
        let hole = try BlackHole(isFull: false)
        let intake = try RunningIntake(BrokerSettings(port: hole.port, clientID: "intake"))
        usleep(100_000)
        #expect(intake.stop(within: 1))
    }
}
