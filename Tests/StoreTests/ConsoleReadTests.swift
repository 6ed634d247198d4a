import TestSupport
import Testing

@testable import Store
@testable import Telemetry

@Suite("A console's view from the store")
struct ConsoleReadTests {
    private static let start: Milliseconds = 1_767_546_000_000

    /// Writes alerts in bursts and pauses over some days.
    /// - Returns: the time of the last.
    private func fill(_ store: Store, seed: UInt64) throws -> Milliseconds {
        var chance = SeededGenerator(seed: seed)
        return try write(300, to: store) {
            [0, 1_000, 20_000, 120_000, 600_000].randomElement(using: &chance)!
        }
    }

    /// Writes alerts, each in a commit of its own and a pause after the one before.
    /// - Returns: the time of the last.
    private func write(_ count: Int, to store: Store, pause: () -> Milliseconds) throws -> Milliseconds {
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 100, quarantineBytes: 1 << 20)
        var time = Self.start
        for number in 0..<count {
            time += pause()
            var batch = Batch()
            batch.at = time
            batch.alertEvents = [
                AlertEvent(
                    identity: AlertIdentity(rule: "R\(number % 3)", scope: "d\(number)", onset: time),
                    domain: number % 2 == 0 ? "works" : "air", ward: "w\(number % 5)",
                    priority: number % 7 == 0 ? .critical : .low, from: .normal, to: .unacknowledged,
                    at: time,
                    cause: .condition, summary: Title(vi: "chậm", en: "slow"))
            ]
            try writer.write(batch)
        }
        return time
    }

    @Test(
        "is the same as one that took every transition from the first",
        arguments: 1...5 as ClosedRange<UInt64>)
    func same(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: .utc)
        defer { try? store.close() }
        let last = try fill(store, seed: seed)
        for scope in [ConsoleScope(), ConsoleScope(domain: "air"), ConsoleScope(ward: "w1", priority: "low")]
        {
            var whole = ConsoleView()
            for event in try store.reader.consoleEvents(scope, after: 0, before: .max) { whole.take(event) }
            whole.advance(to: last + 1_000)
            let part = try store.reader.consoleView(scope, at: last + 1_000)
            #expect(part.announcements == whole.announcements)
            #expect(
                ConsolePicture(part, open: [:], priorities: [:])
                    == ConsolePicture(whole, open: [:], priorities: [:]))
        }
        let open = try store.reader.openCounts(ConsoleScope(domain: "air"))
        #expect(open.states == ["unacknowledged": 150])
        #expect(open.priorities.values.reduce(0, +) == 150)
    }

    @Test("takes nothing up again after a long quiet, nor does a handover of a quiet shift")
    func quiet() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: .utc)
        defer { try? store.close() }
        let end = try write(12, to: store) { Span.minute } + 3 * Span.hour
        var view = try store.reader.consoleView(ConsoleScope(), at: end)
        try store.reader.advance(&view, of: ConsoleScope(), to: end + 1_000)
        #expect(view.flood == nil && view.announcements.isEmpty)
        #expect(view.lastEvent == 12)
        let shift = end..<end + Span.hour
        #expect(try store.reader.handover(of: shift, at: shift.upperBound).floods.isEmpty)
    }

    @Test("a handover tells of the floods of its shift, with what came first")
    func floods() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: .utc)
        defer { try? store.close() }
        let last = try fill(store, seed: 3)
        let whole = try store.reader.handover(of: Self.start..<last + Span.hour, at: last + Span.hour)
        #expect(!whole.floods.isEmpty)
        for flood in whole.floods {
            let end = try #require(flood.toMs)
            #expect(end - flood.fromMs >= 1 && flood.count >= FloodMeter.end)
            #expect(flood.firstOut.map { $0.recordedMs <= flood.fromMs } == true)
        }
        // A shift that begins in the middle of one has it, too.
        let middle = whole.floods[0].fromMs + 1
        let rest = try store.reader.handover(of: middle..<last + Span.hour, at: last + Span.hour)
        #expect(rest.floods.map(\.fromMs) == whole.floods.map(\.fromMs))
        #expect(rest.floods.map(\.toMs) == whole.floods.map(\.toMs))
    }

    @Test("a handover tells when a flood ended, also if nothing else came for hours")
    func endOfFlood() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: .utc)
        defer { try? store.close() }
        let last = try write(12, to: store) { 25_000 }
        let end = last + 2 * Span.hour
        let floods = try store.reader.handover(of: Self.start..<end, at: end).floods
        // Ten minutes after the fifth from the end, fewer than five are left of ten minutes.
        #expect(floods.map(\.toMs) == [last - 4 * 25_000 + FloodMeter.window])
    }

    @Test("a handover before the end of its shift knows of no end of a flood that lasts")
    func unfinished() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path, zone: .utc)
        defer { try? store.close() }
        let now = try write(12, to: store) { 25_000 } + 1
        let handover = try store.reader.handover(of: Self.start..<now + Span.hour, at: now)
        #expect(handover.floods.count == 1 && handover.floods.allSatisfy { $0.toMs == nil })
        #expect(handover.scoreboard.announced == 12 && handover.scoreboard.toMs == now)
        #expect(handover.toMs == now + Span.hour)
    }
}
