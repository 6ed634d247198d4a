import Foundation
import GRDB
package import Telemetry

/// The database of one data directory: one connection writes and checkpoints, all others only read.
///
/// SQLite before 3.51.3 may corrupt a database when two connections checkpoint (sqlite.org/wal.html, "WAL-reset bug");
/// the pool's readers are read-only, so only the writer does.
package final class Store: Sendable {
    package let directory: String
    package let zone: ZoneOffsets
    let pool: DatabasePool
    private let lock: DirectoryLock

    /// `ioc.sqlite` in a data directory.
    package static func path(in directory: String) -> String { directory + "/ioc.sqlite" }

    /// Pages of 4 KiB the log may hold before it is copied back: 16 MB, half a minute at full rate.
    private static let checkpointPages = 4_000
    private static let logLimit = 64 << 20
    /// Seconds to wait for a lock.
    static let patience = 5

    /// Opens for writing; makes directory and database where they are missing.
    /// - Throws: `StoreError`.
    package init(directory: String, zone: ZoneOffsets) throws {
        self.directory = directory
        self.zone = zone
        let path = Self.path(in: directory)
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw StoreError.noDirectory(directory, reason: String(cString: strerror(errno)))
        }
        lock = try DirectoryLock(directory: directory)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration)
            try Self.prepare(pool, path, zone)
        } catch let error as DatabaseError {
            throw Self.explain(error, path)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(Double(patience))
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
            try db.execute(sql: "PRAGMA journal_size_limit = \(logLimit)")
        }
        return configuration
    }

    private static func prepare(_ pool: DatabasePool, _ path: String, _ zone: ZoneOffsets) throws {
        let isNewer = try pool.read { db in try Schema.migrator.hasBeenSuperseded(db) }
        guard !isNewer else { throw StoreError.newerVersion(path) }
        let health = try pool.read { db in try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "" }
        guard health == "ok" else { throw StoreError.corrupt(path, reason: health) }
        try Schema.migrator.migrate(pool)
        try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL when it turns WAL on (Database.setUpWALMode), after our own preparation ran.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
            guard synchronous == 2 else { throw StoreError.notDurable(path, synchronous: synchronous) }
            try db.inTransaction {
                try db.execute(sql: "DELETE FROM zone")
                for transition in zone.transitions {
                    // SQLite compares with NULL as unknown: the first offset holds from the beginning of time.
                    try db.execute(
                        sql: "INSERT INTO zone VALUES (?, ?)",
                        arguments: [max(transition.from, -1 << 53), transition.offset])
                }
                return .commit
            }
        }
    }

    private static func explain(_ error: DatabaseError, _ path: String) -> StoreError {
        switch error.resultCode {
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR, .SQLITE_FULL:
            .notWritable(path, reason: error.message ?? "\(error.resultCode)")
        default: .corrupt(path, reason: error.message ?? "\(error.resultCode)")
        }
    }

    /// What reads of other threads go through.
    package var reader: StoreReader { StoreReader(database: pool, zone: zone) }

    /// Closes the connections; the log is copied back.
    package func close() throws {
        // Closing alone leaves the log beside the file when a reader is the last to go; a copy of the file must be whole.
        _ = try pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        try pool.close()
    }
}
