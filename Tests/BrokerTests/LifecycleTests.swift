import Testing

@testable import Broker

@Suite("Lifecycle")
struct LifecycleTests {
    private var lifecycle = Lifecycle(backoff: Backoff(minimum: 1000, maximum: 30_000))

    @Test("a lost connection is opened again after the wait and not before")
    mutating func reconnects() {
        serve(at: 0)
        lifecycle.lost(now: 500, random: 0)
        #expect(lifecycle.step(now: 1499) == .waiting(until: 1500))
        #expect(lifecycle.step(now: 1500) == .open)
    }

    @Test("after failed storage nothing is opened until it was settled")
    mutating func settlesFirst() {
        serve(at: 0)
        lifecycle.storageFailed(now: 100)
        #expect(lifecycle.step(now: 1_000_000) == .settling(until: 350))
        lifecycle.lost(now: 1_000_000, random: 0)
        #expect(lifecycle.step(now: 1_001_000) == .open)
    }

    @Test("a broker that takes the connection but says nothing is overdue after ten seconds")
    mutating func silentBroker() {
        lifecycle.began()
        lifecycle.opened(now: 0)
        #expect(!lifecycle.greetingIsOverdue(now: 9_999))
        #expect(lifecycle.greetingIsOverdue(now: 10_000))
        lifecycle.accepted(now: 10_000)
        #expect(!lifecycle.greetingIsOverdue(now: 100_000))
    }

    private mutating func serve(at now: Int64) {
        lifecycle.began()
        lifecycle.opened(now: now)
        lifecycle.accepted(now: now)
    }
}

@Suite("AcknowledgementGate")
struct AcknowledgementGateTests {
    @Test("one message that is not durable closes the gate, and only a durable settlement opens it")
    func gate() {
        var gate = AcknowledgementGate()
        #expect(gate.isOpen)
        gate.received()
        #expect(!gate.isOpen)
        #expect(gate.settled(.failed) == .drop)
        #expect(!gate.isOpen)
        #expect(gate.settled(.stopping) == .stop)
        #expect(!gate.isOpen)
        #expect(gate.settled(.durable) == .write)
        #expect(gate.isOpen)
    }
}
