import GRDB
package import Telemetry

/// An answer of many rows, series after series, read and written a piece at a time: however long it is, it needs the memory of
/// a piece, and no read keeps the log from being copied back.
package struct AnswerDocument: Sendable {
    /// A piece is what a slow client keeps in memory; each costs one change of threads.
    package static let pieceSize = 512 << 10

    /// The limit cut it: there is more.
    package private(set) var isTruncated = false
    package private(set) var isDone = false

    private let head: String
    private let foot: String
    private let form: AnswerForm
    /// One query after the other for each series: what they find follows in time.
    private let queries: [String]
    private let series: [KnownSeries]
    /// nil: one row of each series.
    private let range: Range<Milliseconds>?
    private var rows: AnswerRows
    private var hasBegun = false
    private var index = 0
    private var next: Milliseconds
    private var left: Int

    /// Windows that begin in `range`, of each series the oldest first.
    package static func rollups(
        _ series: [KnownSeries], tier: Tier, range: Range<Milliseconds>, fields: [RollupField] = [],
        form: AnswerForm = .rows, limit: Int, zone: ZoneOffsets
    ) -> AnswerDocument {
        let rows = AnswerRows(fields, moment: "r.start_ms", form, zone: zone)
        let (from, to) = (range.lowerBound, range.upperBound)
        return AnswerDocument(
            head: form == .csv ? rows.heading : "{\"from_ms\":\(from),\"rollups\":[",
            foot: form == .csv ? "" : "],\"tier\":\"\(tier.name)\",\"to_ms\":\(to)", form: form,
            // Of one series the gathered windows are the older ones. Together SQLite would merge them row by row.
            queries: [RollupSchema.gathered(tier), RollupSchema.recent(tier)].map { table in
                """
                SELECT \(rows.sql) FROM \(table) r
                WHERE r.series = ?1 AND r.start_ms >= ?2 AND r.start_ms < ?3 ORDER BY r.start_ms
                """
            }, series: series, range: range, rows: rows, limit: limit)
    }

    /// Series with their newest reading.
    package static func newest(_ series: [KnownSeries], fields: [SeriesField] = [], zone: ZoneOffsets)
        -> AnswerDocument
    {
        let rows = AnswerRows(fields, moment: SeriesBlock.Part.time.sql, .rows, zone: zone)
        return AnswerDocument(
            head: "{\"series\":[", foot: "]}", form: .rows,
            queries: [
                """
                SELECT \(rows.sql) FROM series JOIN device ON device.id = series.device
                \(SeriesBlock.join) WHERE series.id = ?1
                """
            ], series: series, range: nil, rows: rows, limit: .max)
    }

    private init(
        head: String, foot: String, form: AnswerForm, queries: [String], series: [KnownSeries],
        range: Range<Milliseconds>?, rows: AnswerRows, limit: Int
    ) {
        self.head = head
        self.foot = foot
        self.form = form
        self.queries = queries
        self.series = series
        self.range = range
        self.rows = rows
        next = range?.lowerBound ?? 0
        left = limit
    }

    /// What comes next of it; nothing once it is done.
    /// - Parameter take: is given the bytes.
    package mutating func piece<Piece>(
        _ reader: StoreReader, _ take: (UnsafeRawBufferPointer) throws -> Piece
    ) throws
        -> Piece
    {
        guard !isDone else { return try take(UnsafeRawBufferPointer(start: nil, count: 0)) }
        var text = AnswerText(capacity: Self.pieceSize + 4_096)
        if !hasBegun { text.add(head) }
        hasBegun = true
        let block = form == .columns ? AnswerBlock(rows.columns) : nil
        try reader.database.read { db in
            var statements: [RowStatement] = []
            while index < series.count, !isTruncated {
                rows.begin(series[index])
                let isThrough = try queries.indices.allSatisfy { query in
                    if query == statements.count {
                        statements.append(try RowStatement(queries[query], db, isKept: false))
                    }
                    return try add(series[index].id, &statements[query], &text, block)
                }
                block?.close(&rows, into: &text)
                guard isThrough || isTruncated else { return }
                index += 1
                next = range?.lowerBound ?? 0
            }
            isDone = true
        }
        if isDone {
            text.add(foot)
            if form != .csv, range != nil { text.add(",\"truncated\":\(isTruncated)}") }
        }
        return try take(UnsafeRawBufferPointer(text.bytes))
    }

    /// - Returns: false if the piece is full, and the series goes on in the next, or there is no more to add.
    private mutating func add(
        _ id: SeriesID, _ statement: inout RowStatement, _ text: inout AnswerText, _ block: AnswerBlock?
    ) throws -> Bool {
        statement.bind(Int64(id.rawValue))
        if let range {
            statement.bind(next)
            statement.bind(range.upperBound)
        }
        defer { statement.reset() }
        while try statement.step() {
            guard left > 0 else {
                isTruncated = true
                return false
            }
            left -= 1
            if let block {
                block.add(statement, &rows.clock)
            } else {
                rows.add(statement, to: &text)
            }
            guard text.count + (block?.size ?? 0) < Self.pieceSize else {
                next = statement.integer(0) + 1
                return range == nil
            }
        }
        return true
    }
}
