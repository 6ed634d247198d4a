import Telemetry
import Testing

@testable import Store

/// Which rows of the journal go together, by their figures alone.
@Suite("A run of rows to be rewritten")
struct CompactionRunTests {
    private static let hour = Compactor.span

    private func row(
        _ id: Int64, at: Milliseconds, to: Milliseconds? = nil, readings: Int = 10
    ) -> CompactionRun.Row {
        CompactionRun.Row(id: id, at: at, from: at, to: to ?? at, messages: 1, readings: readings)
    }

    private func conditions(
        now: Milliseconds = .max, closedThrough: Milliseconds = .max, leaving: Set<Int64> = []
    ) -> CompactionRun.Conditions {
        CompactionRun.Conditions(now: now, closedThrough: closedThrough, leaving: leaving)
    }

    private func commits(_ rows: [CompactionRun.Row], _ conditions: CompactionRun.Conditions) -> ClosedRange<
        Int64
    >? {
        CompactionRun.ofCommits(rows, conditions)?.ids
    }

    private func parts(_ rows: [CompactionRun.Row], _ conditions: CompactionRun.Conditions) -> ClosedRange<
        Int64
    >? {
        CompactionRun.ofParts(rows, conditions)?.ids
    }

    @Test("is of one hour")
    func hours() {
        let rows = [0, 1, Self.hour - 1, Self.hour, 2 * Self.hour].enumerated().map { row(Int64($0), at: $1) }
        #expect(commits(rows, conditions()) == 0...2)
        #expect(commits(Array(rows[3...]), conditions()) == 3...3)
        #expect(commits([], conditions()) == nil)
        // The next hour has begun, but not long enough ago.
        #expect(commits(rows, conditions(now: Self.hour)) == nil)
        #expect(commits(rows, conditions(now: Self.hour + Compactor.age)) == 0...2)
        // A clock that was set back begins another.
        #expect(commits([row(1, at: Self.hour), row(2, at: Self.hour - 1)], conditions()) == 1...1)
    }

    @Test("has as many rows as may go together, also before its hour is over")
    func mostRows() {
        let rows = (0...Compactor.mostRows).map { row(Int64($0), at: Int64($0)) }
        let now = Compactor.age + 10_000
        #expect(commits(rows, conditions(now: now)) == 0...Int64(Compactor.mostRows - 1))
        #expect(commits(Array(rows.dropLast()), conditions(now: now)) == nil)
    }

    @Test("has as many readings as may go together; one commit with more goes alone")
    func mostReadings() {
        let half = Compactor.mostReadings / 2
        let rows = [half, half, 1, 2 * half + 1, 1].enumerated().map { row(Int64($0), at: 0, readings: $1) }
        #expect(commits(rows, conditions()) == 0...1)
        #expect(commits(Array(rows[2...]), conditions()) == 2...2)
        #expect(commits(Array(rows[3...]), conditions()) == 3...3)
    }

    @Test("waits for windows that are open, and for what is young")
    func waits() {
        let rows = [row(1, at: 5, to: 5), row(2, at: 6, to: 60), row(3, at: 7, to: 7)]
        #expect(commits(rows, conditions(closedThrough: 60)) == 1...1)
        #expect(commits(rows, conditions(closedThrough: 5)) == nil)
        #expect(commits(rows, conditions(closedThrough: 61)) == 1...3)
        #expect(commits(rows, conditions(now: Compactor.age + 6)) == nil)
    }

    @Test("of parts has neighbours of an hour that is over, as many as may go together")
    func ofParts() {
        let half = Compactor.mostReadings / 2
        let rows = [row(1, at: 0, readings: half), row(2, at: 1, readings: half), row(3, at: 2)]
        #expect(parts(rows, conditions()) == 1...2)
        #expect(parts([row(2, at: 1, readings: 2 * half), row(3, at: 2)], conditions()) == nil)
        #expect(parts(rows, conditions(now: Self.hour + Compactor.age - 1)) == nil)
        #expect(parts([row(1, at: 0), row(2, at: Self.hour), row(3, at: Self.hour)], conditions()) == 2...3)
        #expect(parts([row(1, at: 0), row(2, at: Self.hour)], conditions()) == nil)
    }

    @Test("leaves rows out that cannot be read")
    func leaving() {
        let rows = (1...5).map { row($0, at: $0) }
        #expect(commits(rows, conditions(leaving: [1, 4])) == 2...3)
        #expect(commits(rows, conditions(leaving: [1, 2, 3, 4, 5])) == nil)
        #expect(parts(rows, conditions(leaving: [2])) == 3...5)
        #expect(parts(Array(rows.prefix(3)), conditions(leaving: [2])) == nil)
    }
}
