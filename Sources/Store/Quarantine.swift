import Foundation
import GRDB
import Telemetry

/// The table of refused messages, kept within rows and bytes. It adds up what it holds, so that no batch has to count.
///
/// A value: the writer takes it over only when the transaction that changed it is committed.
struct Quarantine {
    let maximumRows: Int
    /// Of topics and payloads.
    let maximumBytes: Int
    private(set) var rows: Int
    private(set) var bytes: Int
    /// Rows deleted because there were too many, and because they were too large.
    private(set) var evictedForRows = 0
    private(set) var evictedForBytes = 0

    init(maximumRows: Int, maximumBytes: Int, _ db: Database) throws {
        self.maximumRows = maximumRows
        self.maximumBytes = maximumBytes
        let row = try Row.fetchOne(
            db,
            sql:
                "SELECT count(*), coalesce(sum(octet_size), 0) FROM (SELECT \(Self.size) AS octet_size FROM reject)"
        )
        rows = row?[0] ?? 0
        bytes = row?[1] ?? 0
    }

    /// Of one row. A text is measured in letters unless it is cast.
    private static let size = "length(CAST(topic AS BLOB)) + length(payload)"

    /// One row per topic and reason, with the last payload.
    mutating func put(_ message: RejectedMessage, _ db: Database) throws {
        let known = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT length(payload) FROM reject WHERE topic = ? AND reason = ?"),
            arguments: [message.topic, message.reason.rawValue])
        try db.cachedStatement(
            sql: """
                INSERT INTO reject(topic, reason, count, first_ms, last_ms, fault_offset, payload) VALUES (?,?,1,?,?,?,?)
                ON CONFLICT(topic, reason) DO UPDATE SET count = count + 1, last_ms = excluded.last_ms,
                    fault_offset = excluded.fault_offset, payload = excluded.payload
                """
        ).execute(arguments: [
            message.topic, message.reason.rawValue, message.at, message.at, message.offset,
            Data(message.payload),
        ])
        if let known {
            bytes += message.payload.count - known
        } else {
            rows += 1
            bytes += message.topic.utf8.count + message.payload.count
        }
    }

    /// Lets the longest unseen rows go until both bounds are kept.
    mutating func bound(_ db: Database) throws {
        while rows > maximumRows || bytes > maximumBytes {
            let areTooMany = rows > maximumRows
            let oldest = try Int.fetchOne(
                db.cachedStatement(
                    sql: """
                        DELETE FROM reject WHERE id = (SELECT id FROM reject ORDER BY last_ms, id LIMIT 1)
                        RETURNING \(Self.size)
                        """))
            guard let oldest else {
                (rows, bytes) = (0, 0)
                return
            }
            rows -= 1
            bytes -= oldest
            if areTooMany { evictedForRows += 1 } else { evictedForBytes += 1 }
        }
    }
}
