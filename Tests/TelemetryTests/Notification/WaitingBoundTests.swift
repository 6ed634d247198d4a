import Testing

@testable import Telemetry

@Suite("More messages than may wait for a receiver")
struct WaitingBoundTests {
    private let bound = WaitingBound(most: 6, kept: 4)

    private func due(_ ids: ClosedRange<Int64>, _ priority: AlertPriority) -> [DeliveryPlan.Due] {
        ids.map { DeliveryPlan.Due(id: $0, priority: priority) }
    }

    @Test("give way down to what is kept: the least urgent first, of these the oldest, critical ones last")
    func order() {
        let waiting = due(1...2, .critical) + due(3...4, .high) + due(5...7, .low)
        #expect(bound.excess(of: waiting).map(\.id) == [5, 6, 7])
        #expect(bound.excess(of: due(1...6, .critical) + due(7...8, .medium)).map(\.id) == [7, 8, 1, 2])
    }

    @Test("and as many as may wait give way to none")
    func none() {
        #expect(bound.excess(of: due(1...6, .low)).isEmpty)
        #expect(bound.relief(of: due(1...6, .low), to: "duty") == nil)
    }

    @Test("become one message as urgent as the most urgent of them, and one that tells of several stays")
    func relief() {
        let digest = DeliveryPlan.Due(id: 1, priority: .low, isDigest: true)
        let relief = bound.relief(of: [digest] + due(2...3, .low) + due(4...8, .high), to: "duty")
        #expect(relief == .folded([2, 3, 4, 5], receiver: "duty", priority: .high, why: .crowd))
    }

    @Test("by default are what could not be tried once before it is given up")
    func standard() {
        let attemptsInADay = 4 * Int(RetrySchedule.patience / (30 * Span.second))
        #expect((attemptsInADay * 3 / 4...attemptsInADay).contains(WaitingBound.standard.most))
    }
}
