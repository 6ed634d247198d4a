import GRDB
import Telemetry

/// Neighbouring rows of the journal that are to become one.
struct CompactionRun {
    struct Row: Equatable {
        var id: Int64
        var at: Milliseconds
        var from: Milliseconds
        var to: Milliseconds
        var messages: Int
        var readings: Int
    }

    /// What decides which rows may go together.
    struct Conditions {
        /// Clock; `.max` if nothing is to come.
        var now: Milliseconds
        var closedThrough: Milliseconds
        /// Rows that cannot be read: they stay as they are.
        var leaving: Set<Int64> = []

        fileprivate func isOver(hourOf row: Row) -> Bool {
            (hour(row) + 1) * Compactor.span <= now - Compactor.age
        }

        fileprivate func hour(_ row: Row) -> Int64 {
            JournalStretch.second(row.at) * 1_000 / Compactor.span
        }
    }

    let rows: [Row]

    var ids: ClosedRange<Int64> { rows[0].id...rows[rows.count - 1].id }

    var readings: Int { rows.reduce(0) { $0 + $1.readings } }

    // MARK: Choosing

    /// The first commits of `rows` that are ready: as many as may go together, or all of an hour that is over.
    static func ofCommits(_ rows: [Row], _ conditions: Conditions) -> CompactionRun? {
        let rows = rows.drop { conditions.leaving.contains($0.id) }
        guard let first = rows.first else { return nil }
        var run: [Row] = []
        var readings = 0
        for row in rows {
            let isFull = run.count == Compactor.mostRows || readings + row.readings > Compactor.mostReadings
            let isOther =
                conditions.hour(row) != conditions.hour(first) || conditions.leaving.contains(row.id)
            if !run.isEmpty, isFull || isOther { return CompactionRun(rows: run) }
            guard row.to < conditions.closedThrough, row.at <= conditions.now - Compactor.age else { break }
            run.append(row)
            readings += row.readings
        }
        return run.isEmpty || !conditions.isOver(hourOf: first) ? nil : CompactionRun(rows: run)
    }

    /// The first of `rows`, which were rewritten before, that may go together now that their hour is over.
    static func ofParts(_ rows: [Row], _ conditions: Conditions) -> CompactionRun? {
        var run: [Row] = []
        var readings = 0
        for row in rows {
            let fits =
                run.first.map { conditions.hour($0) == conditions.hour(row) } ?? true
                && readings + row.readings <= Compactor.mostReadings
            if !fits || conditions.leaving.contains(row.id) || !conditions.isOver(hourOf: row) {
                if run.count > 1 { return CompactionRun(rows: run) }
                (run, readings) = ([], 0)
                guard !conditions.leaving.contains(row.id), conditions.isOver(hourOf: row) else { continue }
            }
            run.append(row)
            readings += row.readings
        }
        return run.count > 1 ? CompactionRun(rows: run) : nil
    }

    // MARK: In the database

    /// Parts looked at: of an hour there are no more, at a hundred commits a second.
    private static let mostParts = 200

    static func choose(_ db: Database, _ now: Milliseconds, leaving: Set<Int64>) throws -> CompactionRun? {
        let position = try Store.position(db)
        let conditions = Conditions(now: now, closedThrough: position.closedThrough, leaving: leaving)
        let done = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'compacted'") ?? 0
        let commits = try rows(
            db, "id > ? AND id <= ? ORDER BY id LIMIT ?",
            [done, position.checkpoint, Compactor.mostRows + 1 + leaving.count])
        if let run = ofCommits(commits, conditions) { return run }
        return ofParts(
            try rows(db, "id <= ? ORDER BY id DESC LIMIT ?", [done, mostParts]).reversed(), conditions)
    }

    private static func rows(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws
        -> [Row]
    {
        try GRDB.Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT id, at_ms, from_ms, to_ms, messages, readings FROM journal WHERE " + condition),
            arguments: arguments
        ).map {
            Row(
                id: $0["id"], at: $0["at_ms"], from: $0["from_ms"], to: $0["to_ms"], messages: $0["messages"],
                readings: $0["readings"])
        }
    }
}
