import Testing

@testable import Broker

@Suite("Backoff")
struct BackoffTests {
    @Test("waits stay between the minimum and the maximum, whatever chance says")
    func bounds() {
        var backoff = Backoff(minimum: 1000, maximum: 30_000)
        for step in 0..<1000 {
            let wait = backoff.next(random: Double(step % 100) / 100)
            #expect((1000...30_000).contains(wait))
        }
    }

    @Test("with the worst luck each wait is three times the last, up to the maximum")
    func growth() {
        var backoff = Backoff(minimum: 1000, maximum: 30_000)
        let waits = (0..<5).map { _ in backoff.next(random: 0.999_999_999) }
        #expect(waits.map { ($0 + 500) / 1000 } == [3, 9, 27, 30, 30])
    }

    @Test("only a connection that lasted makes the waits small again")
    func reset() {
        var backoff = Backoff(minimum: 1000, maximum: 30_000, stableAfter: 10_000)
        for _ in 0..<5 { _ = backoff.next(random: 0.99) }
        backoff.connectionLasted(milliseconds: 9_999)
        #expect(backoff.next(random: 0.99) > 25_000)
        backoff.connectionLasted(milliseconds: 10_000)
        #expect(backoff.next(random: 0.99) <= 3000)
    }
}
