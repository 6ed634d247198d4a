import Foundation
import GRDB
import Synchronization
package import Telemetry

/// Rewrites the journal, once nobody asks for single messages any more: many rows of one commit each become one by series.
///
/// A message's number and bytes are needed as long as the state of its device does not know of it (`meta.checkpoint`), and
/// readings commit by commit as long as their windows are open (`meta.closed_through`) or somebody may look at how an alert
/// came about. Rows are read and packed beside the writer; only the exchange is a transaction of its own.
package final class Compactor: Sendable {
    /// Commits younger than this stay as they are: what operators look at is there to the millisecond.
    package static let age = 10 * Span.minute
    /// A row never holds commits of two hours: history is read from a point in time on.
    package static let span = Span.hour
    /// Rows exchanged at once: a commit waits for as long as it takes to delete them, some milliseconds.
    package static let mostRows = 2_048
    /// Readings of a row, unless one commit alone has more: 30 MB while they are rewritten.
    package static let mostReadings = 1 << 19

    package enum Step: Equatable, Sendable {
        /// Nothing to do now.
        case nothing
        /// Rows of these ids became one, which has the last.
        case rewritten(ClosedRange<Int64>)
        /// The row of this id cannot be read, and stays as it is.
        case unreadable(Int64)
    }

    package let counters = CompactorCounters()
    private let store: Store
    private let unreadable = Mutex<Set<Int64>>([])

    package init(store: Store) { self.store = store }

    /// Rewrites one run of rows; for one thread at a time.
    /// - Parameter now: `.max` if nothing is to come for the rows there are.
    @discardableResult
    package func step(now: Milliseconds) throws -> Step {
        try store.noting {
            let leaving = unreadable.withLock { $0 }
            guard let run = try store.pool.read({ db in try CompactionRun.choose(db, now, leaving: leaving) })
            else { return .nothing }
            var stretch = JournalStretch()
            stretch.readings.reserveCapacity(run.readings)
            stretch.seconds.reserveCapacity(run.readings)
            if let id = try store.pool.read({ db in try Self.read(run, into: &stretch, db) }) {
                unreadable.withLock { _ = $0.insert(id) }
                counters.unreadable.add(1, ordering: .relaxed)
                return .unreadable(id)
            }
            stretch.deduplicate()
            let block = CompactBlock.encode(stretch)
            let at = stretch.moments[0]
            guard try store.pool.write({ db in try Self.exchange(run, for: block, at: at, db) }) else {
                return .nothing
            }
            counters.rows.add(Int64(run.rows.count), ordering: .relaxed)
            counters.readings.add(Int64(stretch.readings.count), ordering: .relaxed)
            return .rewritten(run.ids)
        }
    }

    /// - Returns: the id of a row that cannot be read; nil if all could be.
    private static func read(_ run: CompactionRun, into stretch: inout JournalStretch, _ db: Database) throws
        -> Int64?
    {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT id, at_ms, block FROM journal WHERE id BETWEEN ? AND ? ORDER BY id",
            arguments: [run.ids.lowerBound, run.ids.upperBound])
        while let row = try rows.next() {
            let data: Data = row["block"]
            let block = Array(data)
            if block.first == CompactBlock.version {
                guard let part = CompactBlock.decode(block) else { return row["id"] }
                stretch.add(part)
            } else {
                guard let commit = JournalBlock.decode(block) else { return row["id"] }
                stretch.add(commit.messages, commit.readings, at: row["at_ms"])
            }
        }
        return nil
    }

    /// - Returns: false if the rows are not what they were when they were read.
    private static func exchange(_ run: CompactionRun, for block: [UInt8], at: Milliseconds, _ db: Database)
        throws
        -> Bool
    {
        let ids: StatementArguments = [run.ids.lowerBound, run.ids.upperBound]
        let there = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM journal WHERE id BETWEEN ? AND ?", arguments: ids)
        guard there == run.rows.count else { return false }
        try db.execute(sql: "DELETE FROM journal WHERE id BETWEEN ? AND ?", arguments: ids)
        try db.execute(
            sql:
                "INSERT INTO journal(id, at_ms, from_ms, to_ms, messages, readings, block) VALUES (?,?,?,?,?,?,?)",
            arguments: [
                run.ids.upperBound, at, run.rows.map(\.from).min(),
                run.rows.map(\.to).max(), run.rows.reduce(0) { $0 + $1.messages },
                run.readings, Data(block),
            ])
        try db.execute(
            sql: """
                INSERT INTO meta VALUES ('compacted', :id)
                ON CONFLICT(key) DO UPDATE SET value = max(value, :id)
                """, arguments: ["id": run.ids.upperBound])
        return true
    }
}
