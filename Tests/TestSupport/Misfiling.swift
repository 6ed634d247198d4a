import GRDB

/// Damage that the short check at a start does not see: rows changed behind their index's back.
package enum Misfiling {
    package struct NoIndex: Error {
        package let name: String
    }

    /// - Parameters:
    ///   - path: the database file, which nobody else has open.
    ///   - index: hidden while `update` runs.
    package static func misfile(_ path: String, behind index: String, _ update: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM sqlite_master WHERE name = ?", arguments: [index])
            guard let row else { throw NoIndex(name: index) }
            try edit(db, "DELETE FROM sqlite_master WHERE name = ?", [index])
            try db.execute(sql: update)
            try edit(
                db, "INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)",
                StatementArguments(row.databaseValues))
        }
    }

    private static func edit(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
        try db.execute(sql: "PRAGMA writable_schema = ON")
        try db.execute(sql: sql, arguments: arguments)
        try db.execute(sql: "PRAGMA writable_schema = RESET")
    }
}
