import Broker
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("PublishClient with a real mosquitto", .serialized, .timeLimit(.minutes(1)))
struct PublishTests {
    let server: MosquittoServer
    init() throws { server = try MosquittoServer() }

    @Test("5,000 messages at QoS 1 are all acknowledged, each after its id was told")
    func acknowledged() throws {
        let ledger = Mutex<(open: Set<Int32>, done: Int, unknown: Int)>(([], 0, 0))
        let client = try PublishClient(settings: server.settings("publisher", user: "gateway")) { mid in
            ledger.withLock {
                if $0.open.remove(mid) != nil { $0.done += 1 } else { $0.unknown += 1 }
            }
        }
        try client.connect(timeoutSeconds: 5)
        for number in numbers(1...5000) {
            while client.publish(
                topic: "ioc/test", payload: Array(number.utf8), qos: 1, retain: false,
                accepted: { mid in ledger.withLock { _ = $0.open.insert(mid) } }) == nil
            {
                #expect(client.waitForRoom(milliseconds: 5000))
            }
        }
        #expect(client.waitUntilDone(milliseconds: 10_000))
        #expect(client.inflight == 0)
        #expect(eventually { ledger.withLock { $0.done } == 5000 })
        #expect(ledger.withLock { $0.unknown } == 0)
        client.close()
    }

    @Test("what was accepted at QoS 1 is acknowledged in the end, over a restart of the broker")
    func restart() throws {
        let box = Counter()
        let intake = try RunningIntake(server.settings("intake"))
        #expect(eventually { intake.handler.now.connections.count == 1 })
        let client = try PublishClient(settings: server.settings("publisher", user: "gateway")) { _ in
            box.add()
        }
        try client.connect(timeoutSeconds: 5)
        var accepted = 0
        for number in 1...3000 {
            if number == 1500 { server.kill9() }
            if number == 2000 { try server.start() }
            if client.publish(topic: "ioc/test", payload: Array("\(number)".utf8), qos: 1, retain: false)
                != nil
            {
                accepted += 1
            }
        }
        #expect(accepted >= 1499)
        #expect(client.waitUntilDone(milliseconds: 10_000))
        #expect(eventually { box.value == accepted })
        #expect(eventually { client.state.connections == 2 })
        client.close()
        #expect(intake.stop())
    }

    @Test("QoS 0 is sent too, and the window counts it until it is written")
    func fireAndForget() throws {
        let intake = try RunningIntake(server.settings("intake"))
        #expect(eventually { intake.handler.now.connections.count == 1 })
        let client = try PublishClient(
            settings: server.settings("publisher", user: "gateway"), onAcknowledged: nil)
        try client.connect(timeoutSeconds: 5)
        for _ in 1...100 {
            #expect(client.publish(topic: "ioc/test", payload: [65], qos: 0, retain: false) != nil)
        }
        #expect(client.waitUntilDone(milliseconds: 5000))
        #expect(eventually { intake.handler.now.messages.count == 100 })
        #expect(intake.handler.now.messages.allSatisfy { $0.qos == 0 && $0.packetID == 0 })
        client.close()
        #expect(intake.stop())
    }

    @Test("a wrong password fails at once with a sentence")
    func wrongPassword() throws {
        var settings = server.settings("publisher", user: "gateway")
        settings.password = "wrong"
        let client = try PublishClient(settings: settings, onAcknowledged: nil)
        let start = ContinuousClock.now
        #expect {
            try client.connect(timeoutSeconds: 10)
        } throws: {
            "\($0)".contains("refused user \"gateway\": wrong user name or password")
        }
        #expect(ContinuousClock.now - start < .seconds(2))
        client.close()
    }

    @Test("without a broker it fails after the time with the cause, and takes nothing")
    func noBroker() throws {
        server.stop()
        let client = try PublishClient(settings: server.settings("publisher"), onAcknowledged: nil)
        #expect {
            try client.connect(timeoutSeconds: 0.3)
        } throws: {
            "\($0)".contains("cannot reach the broker at 127.0.0.1:\(server.port): Connection refused")
        }
        #expect(client.publish(topic: "ioc/test", payload: [], qos: 1, retain: false) == nil)
        client.close()
    }

    @Test("a message the broker does not allow is refused by id and does not count as stored")
    func refused() throws {
        let acknowledged = Counter()
        let refusals = Mutex<[String]>([])
        let client = try PublishClient(
            settings: server.settings("publisher", user: "gateway"),
            onAcknowledged: { _ in acknowledged.add() },
            onRefused: { _, why in refusals.withLock { $0.append(why) } })
        try client.connect(timeoutSeconds: 5)
        #expect(client.publish(topic: "forbidden", payload: [], qos: 1, retain: false) != nil)
        #expect(client.waitUntilDone(milliseconds: 5000))
        #expect(eventually { refusals.withLock { $0 } == ["Not authorized"] })
        #expect(acknowledged.value == 0)
        client.close()
    }

    @Test("a full window says no, and has room again when the broker answered")
    func window() throws {
        let client = try PublishClient(
            settings: server.settings("publisher", user: "gateway"), onAcknowledged: nil)
        try client.connect(timeoutSeconds: 5)
        let pid = try #require(server.pid)
        kill(pid, SIGSTOP)
        var taken = 0
        while client.publish(topic: "ioc/test", payload: [65], qos: 1, retain: false) != nil { taken += 1 }
        #expect(taken == 4096 && client.inflight == 4096)
        #expect(!client.waitForRoom(milliseconds: 50))
        kill(pid, SIGCONT)
        #expect(client.waitForRoom(milliseconds: 5000))
        #expect(client.waitUntilDone(milliseconds: 5000))
        client.close()
    }
}
