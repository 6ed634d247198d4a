import Foundation
import GRDB
import Telemetry

@testable import Store

/// What a stopped service has left in its database.
struct StoredData {
    struct Window: Equatable {
        var count = 0
        var minimum = Double.infinity
        var maximum = -Double.infinity
        var sum = 0.0
        var weight = 0.0
        var first = Int64.max
        var last = Int64.min
    }

    struct WindowKey: Hashable {
        var series: String
        var start: Int64
    }

    var kinds: [String: String] = [:]
    /// Readings of the journal by series, in order of arrival.
    var readings: [String: [Reading]] = [:]
    var journalMessages = 0
    var windows: [Tier: [WindowKey: Window]] = [:]
    var gaps: [ClosedRange<Int64>] = []
    var closedThrough: Int64 = 0
    var losses = LossCounters()
    var unaccounted: Int64 = 0
    var alerts = 0
    /// Transitions that do not begin where the one before ended.
    var brokenTransitions = 0

    init(directory: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: Store.path(in: directory), configuration: configuration)
        try database.read { db in
            var names: [Int64: String] = [:]
            for row in try Row.fetchAll(
                db,
                sql:
                    "SELECT s.id, d.key || '/' || s.measurement AS name, kind FROM series s JOIN device d ON d.id = s.device"
            ) {
                names[row["id"]] = row["name"]
                kinds[row["name"]] = row["kind"]
            }
            try readJournal(db, names)
            for tier in Tier.allCases { try readWindows(tier, db, names) }
            try readRest(db)
        }
    }

    /// What the service reports of itself is in nobody's ledger.
    private static func isOwn(_ series: String) -> Bool { series.hasPrefix("ioc/") }

    private mutating func readJournal(_ db: Database, _ names: [Int64: String]) throws {
        let blocks = try Row.fetchCursor(db, sql: "SELECT id, messages, block FROM journal ORDER BY id")
        while let row = try blocks.next() {
            let data: Data = row["block"]
            guard let block = JournalBlock.decode(Array(data)) else {
                throw Failure("journal block \(row["id"] as Int64) cannot be read")
            }
            journalMessages += row["messages"] as Int
            for reading in block.readings {
                let name = names[Int64(reading.series.rawValue)]!
                if !Self.isOwn(name) { readings[name, default: []].append(reading) }
            }
        }
    }

    private mutating func readWindows(_ tier: Tier, _ db: Database, _ names: [Int64: String]) throws {
        // What follows from other columns is NULL.
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT series, start_ms, count, sum, weight, coalesce(min, sum / weight) AS min,
                    coalesce(max, min, sum / weight) AS max, start_ms + first_after_ms AS first_ms,
                    start_ms + first_after_ms + span_ms AS last_ms
                FROM "rollup_\(tier.name)"
                """)
        while let row = try rows.next() {
            let name = names[row["series"]]!
            guard !Self.isOwn(name) else { continue }
            windows[tier, default: [:]][WindowKey(series: name, start: row["start_ms"])] =
                Window(
                    count: row["count"], minimum: row["min"], maximum: row["max"], sum: row["sum"],
                    weight: row["weight"], first: row["first_ms"], last: row["last_ms"])
        }
    }

    private mutating func readRest(_ db: Database) throws {
        gaps = try Row.fetchAll(db, sql: "SELECT from_ms, to_ms FROM gap WHERE kind = 'session-lost'").map {
            let from: Int64 = $0["from_ms"]
            let to: Int64 = $0["to_ms"]
            return min(from, to)...max(from, to)
        }
        closedThrough =
            try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'closed_through'") ?? 0
        for row in try Row.fetchAll(db, sql: "SELECT * FROM v_loss") {
            losses.received += row["received"]
            losses.stored += row["stored"]
            losses.rejected += row["rejected"]
            losses.duplicate += row["duplicate"]
            losses.dropped += row["dropped"]
            unaccounted += abs(row["unaccounted"] as Int64)
        }
        alerts = try Int.fetchOne(db, sql: "SELECT count(*) FROM alert") ?? 0
        brokenTransitions =
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM (SELECT from_state, lag(to_state, 1, from_state)
                        OVER (PARTITION BY alert ORDER BY id) AS before FROM alert_event) WHERE from_state <> before
                    """) ?? 0
    }
}
