import Foundation
import GRDB
package import Telemetry

/// How far each file was replayed.
enum ReplayTable {
    static let schema = """
        -- Of each file that was replayed, its first bytes with this SHA-256 are stored.
        CREATE TABLE replayed(
            id INTEGER PRIMARY KEY, path TEXT, target TEXT NOT NULL, bytes INTEGER NOT NULL, hash BLOB NOT NULL);
        """

    static func record(_ part: ReplayedPart, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO replayed(id, path, target, bytes, hash) VALUES (?,?,?,?,?)"
        ).execute(arguments: [part.id, part.path, part.target, part.bytes, Data(part.hash)])
    }

    static func parts(_ db: Database) throws -> [ReplayedPart] {
        try Row.fetchAll(db, sql: "SELECT id, path, target, bytes, hash FROM replayed ORDER BY id").map {
            let hash: Data = $0["hash"]
            return ReplayedPart(
                id: $0["id"], path: $0["path"], target: $0["target"], bytes: $0["bytes"], hash: Array(hash))
        }
    }
}

extension Store {
    /// What of which files is stored.
    package func replayedParts() throws -> [ReplayedPart] {
        try noting { try pool.read { db in try ReplayTable.parts(db) } }
    }
}
