import Testing

@testable import Telemetry

@Suite("What goes to a receiver now")
struct DeliveryPlanTests {
    /// 2026-01-05 23:00 in Huế.
    private let now: Milliseconds = 1_767_546_000_000 + 23 * Span.hour
    private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)

    private func plan(
        _ due: [DeliveryPlan.Due], limit: String? = nil, taken: [Milliseconds] = [], room: Int = 100,
        quiet: QuietHours = QuietHours()
    ) -> DeliveryPlan {
        var receiver = Receiver(name: "duty", way: .command([]))
        receiver.limit = limit.flatMap(NotificationLimit.init)
        receiver.quiet = quiet
        return DeliveryPlan(due, to: receiver, taken: taken, room: room, at: now, in: zone)
    }

    private func due(_ ids: ClosedRange<Int64>, _ priority: AlertPriority = .medium, isHeld: Bool = false)
        -> [DeliveryPlan.Due]
    {
        ids.map { DeliveryPlan.Due(id: $0, priority: priority, isHeld: isHeld) }
    }

    @Test("without a limit all, the most urgent first, as far as there is room")
    func all() {
        #expect(plan(due(1...2) + due(3...3, .critical)).send == [3, 1, 2])
        let few = plan(due(1...5), room: 2)
        #expect(few.send == [1, 2])
        #expect(few.changes.isEmpty)
    }

    @Test("up to the limit one by one; the rest is held until the first of them is a span ago")
    func limit() {
        let plan = plan(due(1...5), limit: "3/1h", taken: [now - 50 * Span.minute])
        #expect(plan.send == [1, 2])
        #expect(plan.changes == [.held([3, 4, 5], until: now + 10 * Span.minute)])
    }

    @Test("nothing while the limit is reached, and older messages do not count")
    func full() {
        let taken = [now - 2 * Span.hour, now - 20 * Span.minute, now - 5 * Span.minute]
        let plan = plan(due(1...2), limit: "2/1h", taken: taken)
        #expect(plan.send.isEmpty)
        #expect(plan.changes == [.held([1, 2], until: now + 40 * Span.minute)])
    }

    @Test("what was held becomes one message, which takes one place; what came since goes beside it")
    func digest() {
        let waiting = due(1...30, .low, isHeld: true) + due(31...31, .high, isHeld: true) + due(32...33)
        let plan = plan(waiting, limit: "2/1h")
        #expect(plan.changes.first == .folded([31] + Array(1...30), receiver: "duty", priority: .high))
        #expect(plan.send == [32])
        #expect(plan.changes.last == .held([33], until: now + Span.hour))
    }

    @Test("a single one that was held goes as it is")
    func single() {
        let plan = plan(due(7...7, isHeld: true), limit: "1/1h")
        #expect(plan.send == [7])
        #expect(plan.changes.isEmpty)
    }

    @Test("a digest goes before what came later")
    func order() {
        let digest = DeliveryPlan.Due(id: 40, priority: .low, isDigest: true)
        #expect(plan(due(32...33, .critical) + [digest], limit: "1/1h").send == [40])
    }

    @Test("a digest that was held itself is sent, and never told of in another")
    func heldDigest() {
        let digest = DeliveryPlan.Due(id: 40, priority: .low, isHeld: true, isDigest: true)
        let plan = plan(due(1...5, isHeld: true) + [digest], limit: "1/1h")
        #expect(plan.send == [40])
        #expect(plan.changes == [.held(Array(1...5), until: now + Span.hour)])
    }

    @Test("in quiet hours only what is urgent; the rest waits for their end")
    func quiet() {
        let plan = plan(
            due(1...2) + due(3...3, .critical), quiet: QuietHours([.init(start: 22 * 60, end: 6 * 60)]))
        #expect(plan.send == [3])
        #expect(plan.changes == [.postponed([1, 2], until: now + 7 * Span.hour)])
    }

    @Test("no two hours of any flood have more messages than the limit, and everything is told of")
    func flood() {
        var (time, waiting, taken) = (now, [DeliveryPlan.Due](), [Milliseconds]())
        var (told, digests, next): (Set<Int64>, [Int64: [Int64]], Int64) = ([], [:], 1)
        var receiver = Receiver(name: "duty", way: .command([]))
        receiver.limit = NotificationLimit(count: 3, span: Span.hour)
        var dueAt: [Int64: Milliseconds] = [:]
        for minute in 0..<600 {
            time = now + Int64(minute) * Span.minute
            if minute < 200 {
                waiting.append(.init(id: next, priority: .medium))
                next += 1
            }
            let ready = waiting.filter { dueAt[$0.id] ?? 0 <= time }
            let plan = DeliveryPlan(ready, to: receiver, taken: taken, room: 4, at: time, in: zone)
            for change in plan.changes {
                switch change {
                case .held(let ids, let until):
                    for id in ids {
                        dueAt[id] = until
                        waiting[waiting.firstIndex { $0.id == id }!].isHeld = true
                    }
                case .folded(let ids, _, let priority, _):
                    waiting.removeAll { ids.contains($0.id) }
                    waiting.append(.init(id: 1_000 + next, priority: priority, isDigest: true))
                    digests[1_000 + next] = ids
                    next += 1
                default: break
                }
            }
            for id in plan.send {
                taken.append(time)
                told.formUnion(digests[id] ?? [id])
                waiting.removeAll { $0.id == id }
            }
            #expect(taken.count { $0 > time - Span.hour } <= 3)
        }
        #expect(waiting.isEmpty)
        #expect(told.count + digests.count >= 200)
    }
}

@Suite("When a message is tried again")
struct RetryScheduleTests {
    @Test("ten seconds later, then twice as long, up to a quarter of an hour, less chance")
    func delays() {
        let waits = (1...9).map {
            RetrySchedule.next(attempts: $0, first: 0, now: 0, jitter: 1)! / Span.second
        }
        #expect(waits == [10, 20, 40, 80, 160, 320, 640, 900, 900])
        #expect(RetrySchedule.next(attempts: 1, first: 0, now: 0, jitter: 0) == 5 * Span.second)
    }

    @Test("not before the receiver wants it")
    func wanted() {
        #expect(RetrySchedule.next(attempts: 1, first: 0, now: 0, wanted: Span.hour, jitter: 1) == Span.hour)
    }

    @Test("once more when the patience ends, where the receiver wants more than that")
    func wantedTooLate() {
        let next = RetrySchedule.next(attempts: 1, first: 0, now: 5_000, wanted: 2 * Span.day, jitter: 1)
        #expect(next == Span.day)
        #expect(RetrySchedule.next(attempts: 2, first: 0, now: Span.day, wanted: Span.day, jitter: 1) == nil)
    }

    @Test("no more once a day is over")
    func patience() {
        let last = Span.day - 20 * Span.minute
        #expect(RetrySchedule.next(attempts: 99, first: 0, now: last, jitter: 1) != nil)
        #expect(RetrySchedule.next(attempts: 99, first: 0, now: Span.day, jitter: 0) == nil)
    }

    @Test("a limit is a count and a span", arguments: ["20/1h", "1/1m", "10000/1d"])
    func limits(_ text: String) { #expect(NotificationLimit(text) != nil) }

    @Test(
        "and nothing else is",
        arguments: ["20", "0/1h", "x/1h", "20/1", "20/30s", "20/2d", "10001/1h", "1/1h/2"])
    func noLimits(_ text: String) { #expect(NotificationLimit(text) == nil) }
}
