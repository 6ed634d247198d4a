import TestSupport
import Testing

@testable import Store
@testable import Telemetry

@Suite("The scoreboard from the store")
struct ScoreboardReadTests {
    private static let start: Milliseconds = 1_767_546_000_000
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store(directory: directory.path, zone: .utc)
    }

    /// Transitions of one alert, a minute apart.
    private func write(_ transitions: [(AlertState, AlertState, AlertCause)]) throws -> Scoreboard {
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 100, quarantineBytes: 1 << 20)
        for (minute, (from, to, cause)) in transitions.enumerated() {
            var batch = Batch()
            batch.at = Self.start + Int64(minute) * Span.minute
            batch.alertEvents = [
                AlertEvent(
                    identity: AlertIdentity(rule: "R", scope: "d", onset: Self.start), domain: "works",
                    ward: "w", priority: .low, from: from, to: to, at: batch.at, cause: cause,
                    summary: Title(vi: "chậm", en: "slow"),
                    operatorName: [.acknowledge, .unacknowledge, .shelve].contains(cause) ? "Lan" : nil)
            ]
            try writer.write(batch)
        }
        let range = Self.start..<Self.start + Span.day
        return try store.reader.scoreboard(over: range, at: range.upperBound)
    }

    @Test("counts what a console announces: whatever asks an operator to look anew")
    func same() throws {
        let board = try write([
            (.normal, .unacknowledged, .condition), (.unacknowledged, .acknowledged, .acknowledge),
            (.acknowledged, .unacknowledged, .acknowledgementAged), (.unacknowledged, .shelved, .shelve),
            (.shelved, .shelved, .shelfEnds), (.shelved, .unacknowledged, .shelfEnded),
            (.unacknowledged, .unacknowledged, .escalated),
            (.unacknowledged, .unacknowledged, .unverified),
            (.unacknowledged, .acknowledged, .acknowledge), (.acknowledged, .unacknowledged, .unacknowledge),
        ])
        #expect(board.announced == 4)
        let view = try store.reader.consoleView(ConsoleScope(), at: Self.start + 10 * Span.minute)
        #expect(view.announcements.count == board.announced)
        let handover = try store.reader.handover(
            of: Self.start..<Self.start + Span.day, at: Self.start + Span.day)
        #expect(handover.scoreboard.announced == board.announced)
        try store.close()
    }

    @Test("an escalation does not shorten the time it took to acknowledge")
    func wait() throws {
        let board = try write([
            (.normal, .unacknowledged, .condition), (.unacknowledged, .unacknowledged, .escalated),
            (.unacknowledged, .unacknowledged, .escalated), (.unacknowledged, .acknowledged, .acknowledge),
        ])
        #expect(board.figures.first { $0.measure == .minutesToAcknowledge }?.value == 3)
        #expect(board.announced == 3)
        try store.close()
    }

    @Test("of a time that is not over only what is over is counted")
    func future() throws {
        _ = try write([(.normal, .unacknowledged, .condition)])
        let now = Self.start + Span.hour
        let board = try store.reader.scoreboard(over: Self.start..<Self.start + Span.day, at: now)
        #expect(board.toMs == now)
        #expect(board.figures.first { $0.measure == .perDay }?.value == 24)
        let later = try store.reader.scoreboard(over: now + 1..<now + Span.day, at: now)
        #expect(later.announced == 0 && later.figures.first { $0.measure == .perDay }?.value == nil)
        try store.close()
    }
}
