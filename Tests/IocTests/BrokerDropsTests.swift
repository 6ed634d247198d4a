import Telemetry
import Testing

@testable import ioc

@Suite("Messages the broker dropped")
struct BrokerDropsTests {
    @Test("what the counter rises by is a gap since it was heard last, and what it stood at first is none")
    func rises() {
        var drops = BrokerDrops(known: nil, at: nil)
        #expect(drops.take(7, at: 1_000) == nil)
        #expect(drops.take(7, at: 2_000) == nil)
        #expect(drops.take(10, at: 3_000) == Gap(kind: .brokerDropped, from: 2_000, to: 3_000, count: 3))
        #expect(drops.take(10, at: 4_000) == nil)
    }

    @Test("what it rose by while the service was away is one from the last life on")
    func away() {
        var drops = BrokerDrops(known: 10, at: 3_000)
        let gap = Gap(kind: .brokerDropped, from: 3_000, to: 9_000, count: 4_000)
        #expect(drops.take(4_010, at: 9_000) == gap)
    }

    @Test("a broker that restarted counts from 0: all it says is new")
    func restarted() {
        var drops = BrokerDrops(known: 10, at: 3_000)
        #expect(drops.take(0, at: 4_000) == nil)
        #expect(drops.take(2, at: 5_000)?.count == 2)
        #expect(drops.take(1, at: 6_000)?.count == 1)
    }

    @Test("a clock that was set back makes no gap that ends before it begins")
    func clock() {
        var drops = BrokerDrops(known: 1, at: 5_000)
        #expect(drops.take(2, at: 4_000) == Gap(kind: .brokerDropped, from: 4_000, to: 4_000, count: 1))
    }
}
