import GRDB
package import Synchronization
package import Telemetry

/// Moves closed windows from the order of time, in which they are written, to the order of series, in which they are read.
///
/// The windows of one minute lie side by side when they come: a commit writes as few pages as can hold them. In the order of
/// series each would lie on a page of its own, which is written whole for one row (figures in docs/decisions.md). So they
/// are moved when there are many of each series, slice by slice.
package final class Gatherer: Sendable {
    /// Windows moved at once: a commit waits for as long as it takes, some forty milliseconds.
    package static let mostRows = 8_192

    /// Windows moved since the start.
    package let rows = Atomic<Int64>(0)
    private let store: Store

    package init(store: Store) { self.store = store }

    /// Moves one slice of windows, all of whose stretch closed a stretch ago: what is late has mostly come.
    /// - Parameter closedThrough: in the place of what the store says of it.
    /// - Returns: whether there may be more to move.
    @discardableResult
    package func step(closedThrough: Milliseconds? = nil) throws -> Bool {
        try store.noting {
            try store.pool.write { db in
                let closedThrough = try closedThrough ?? Store.position(db).closedThrough
                for tier in Tier.allCases {
                    guard let slice = try Slice.next(tier, closedThrough, db) else { continue }
                    rows.add(Int64(try slice.move(db)), ordering: .relaxed)
                    return true
                }
                return false
            }
        }
    }
}

/// Windows of some series that begin before `gathering.until`.
private struct Slice {
    let tier: Tier
    let gathering: Gathering
    /// The first series that is not in it; nil if all others are.
    let end: Int64?

    /// nil if there is nothing to move yet.
    static func next(_ tier: Tier, _ closedThrough: Milliseconds, _ db: Database) throws -> Slice? {
        var gathering = try Gathering.read(tier, db)
        let table = RollupSchema.recent(tier)
        let oldest = try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(start_ms) FROM \(table)"))
        guard let oldest, closedThrough > .min else { return nil }
        let stretch = Gathering.stretch(tier)
        let due = closedThrough - closedThrough.floorDivided(by: stretch).remainder - stretch
        if gathering.nextSeries == 0 {
            guard oldest < due else { return nil }
            gathering.until = oldest - oldest.floorDivided(by: stretch).remainder + stretch
            // Few windows of a long time are moved together.
            if try count(table, before: due, db) <= Gatherer.mostRows { gathering.until = due }
        }
        return Slice(
            tier: tier, gathering: gathering, end: try end(table, gathering, db))
    }

    private static func count(_ table: String, before due: Milliseconds, _ db: Database) throws -> Int {
        let select = try db.cachedStatement(
            sql: "SELECT count(*) FROM (SELECT 1 FROM \(table) WHERE start_ms < ? LIMIT ?)")
        return try Int.fetchOne(select, arguments: [due, Gatherer.mostRows + 1]) ?? 0
    }

    /// No moment has more than its share of the rows: what one gateway kept for longer than others begins with moments of few series.
    private static func end(_ table: String, _ gathering: Gathering, _ db: Database) throws -> Int64? {
        let moments = try Int.fetchOne(
            db.cachedStatement(sql: "WITH \(moments(table)) SELECT count(start_ms) FROM moment"),
            arguments: ["until": gathering.until])
        let select = try db.cachedStatement(
            sql: """
                WITH \(Self.moments(table))
                SELECT min((SELECT r.series FROM \(table) r
                    WHERE r.start_ms = moment.start_ms AND r.series >= :first ORDER BY r.series LIMIT 1 OFFSET :share))
                FROM moment
                """)
        return try Int64.fetchOne(
            select,
            arguments: [
                "until": gathering.until, "first": gathering.nextSeries,
                "share": max(1, Gatherer.mostRows / max(1, moments ?? 1)),
            ])
    }

    /// The moments at which windows begin, one look-up each.
    private static func moments(_ table: String) -> String {
        """
        RECURSIVE moment(start_ms) AS (
            SELECT min(start_ms) FROM \(table) WHERE start_ms < :until
            UNION ALL
            SELECT (SELECT min(r.start_ms) FROM \(table) r WHERE r.start_ms > moment.start_ms AND r.start_ms < :until)
            FROM moment WHERE moment.start_ms IS NOT NULL)
        """
    }

    /// - Returns: how many windows were moved.
    func move(_ db: Database) throws -> Int {
        let recent = RollupSchema.recent(tier)
        let columns = RollupSchema.columns
        let arguments: StatementArguments = [
            "until": gathering.until, "first": gathering.nextSeries, "end": end ?? .max,
        ]
        try db.cachedStatement(
            sql: """
                WITH \(Self.moments(recent))
                INSERT INTO \(RollupSchema.gathered(tier))(\(columns))
                SELECT \(columns.split(separator: ",").map { "r." + $0.trimmingPrefix { $0.isWhitespace } }.joined(separator: ", "))
                FROM moment CROSS JOIN \(recent) r
                    ON r.start_ms = moment.start_ms AND r.series >= :first AND r.series < :end
                ORDER BY r.series, r.start_ms
                """
        ).execute(arguments: arguments)
        let moved = db.changesCount
        try db.cachedStatement(
            sql: """
                WITH \(Self.moments(recent))
                DELETE FROM \(recent) WHERE start_ms IN (SELECT start_ms FROM moment)
                    AND series >= :first AND series < :end
                """
        ).execute(arguments: arguments)
        var after = gathering
        after.nextSeries = end ?? 0
        if end == nil { after.through = max(after.through, gathering.until) }
        try after.write(tier, db)
        return moved
    }
}
