import Foundation
import GRDB
import GRDBSQLite
package import Telemetry

/// The database of one data directory: one connection writes and checkpoints, all others only read.
///
/// SQLite before 3.51.3 may corrupt a database when two connections checkpoint (sqlite.org/wal.html, "WAL-reset bug");
/// the pool's readers are read-only, so only the writer does.
package final class Store: Sendable {
    package let directory: String
    package let zone: ZoneOffsets
    /// The damaged database this start moved out of the way; nil for a start like any other.
    package let setAside: SetAside?
    let pool: DatabasePool
    let keeper: LogKeeper
    private let lock: DirectoryLock

    /// `ioc.sqlite` in a data directory.
    package static func path(in directory: String) -> String { directory + "/ioc.sqlite" }

    /// Pages of 4 KiB the log may hold before it is copied back: 16 MB, half a minute at full rate.
    private static let checkpointPages = 4_000
    private static let logLimit = 64 << 20
    /// Seconds to wait for a lock.
    static let patience = 5

    /// What to do with a file that is no sound database.
    package enum OnCorruption: Sendable {
        /// Throw `StoreError.corrupt` and touch nothing.
        case refuse
        /// Move it aside, named after this time, and begin a new one.
        case setAside(at: Milliseconds)
    }

    /// Opens for writing; makes directory and database where they are missing.
    /// - Throws: `StoreError`.
    package init(directory: String, zone: ZoneOffsets, onCorruption: OnCorruption = .refuse) throws {
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
        keeper = LogKeeper(limit: Self.checkpointPages)
        switch onCorruption {
        case .refuse:
            setAside = nil
            pool = try Self.open(path, zone, keeper)
        case .setAside(let time):
            let finished = try SetAside.finish(path, at: time)
            do {
                pool = try Self.open(path, zone, keeper)
                setAside = finished
            } catch StoreError.corrupt(_, let reason) {
                setAside = try SetAside.move(path, at: time, reason: reason)
                Suspicion.clear(path)
                pool = try Self.open(path, zone, keeper)
            }
        }
        Suspicion.clear(path)
    }

    private static func open(_ path: String, _ zone: ZoneOffsets, _ keeper: LogKeeper) throws -> DatabasePool
    {
        do {
            if Suspicion.isNoted(path) { Soundness.forgetIndex(path) }
            let inspector = try Soundness.inspector(path)
            // Closed last: while it is open, a pool that is given up again cannot copy the log back.
            defer { try? inspector?.close() }
            try inspector?.read { db in try Soundness.check(db, path) }
            let pool = try DatabasePool(path: path, configuration: configuration)
            do {
                if inspector == nil { try pool.read { db in try Soundness.check(db, path) } }
                try prepare(pool, path, zone, keeper)
            } catch {
                try? pool.close()
                throw error
            }
            return pool
        } catch let error as DatabaseError {
            throw StoreError(error, path)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(Double(patience))
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try SeriesBlock.addFunction(to: db)
            try db.execute(sql: "PRAGMA journal_size_limit = \(logLimit)")
        }
        return configuration
    }

    private static func prepare(
        _ pool: DatabasePool, _ path: String, _ zone: ZoneOffsets, _ keeper: LogKeeper
    ) throws {
        pool.writeWithoutTransaction { db in keeper.attach(to: db) }
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

    /// Work with the database. If it meets damage, that is `StoreError.corrupt`, whatever the work, and the next start looks
    /// at the whole file.
    func noting<Result>(_ work: () throws -> Result) throws -> Result {
        let path = Self.path(in: directory)
        do {
            // What is read from the file may be old by now: nothing more must be built on it.
            guard !keeper.hasFailed else { throw StoreError.syncFailed(path) }
            return try work()
        } catch let error as DatabaseError where error.showsDamage {
            let found = StoreError(error, path)
            Suspicion.note(path, reason: "\(found)")
            throw found
        } catch StoreError.syncFailed(let path) {
            Suspicion.note(path, reason: "\(StoreError.syncFailed(path))")
            throw StoreError.syncFailed(path)
        }
    }

    /// What reads of other threads go through.
    package var reader: StoreReader { StoreReader(database: pool, zone: zone) }

    /// Closes the connections; the log is copied back, unless the database is damaged or the disk failed to keep it.
    package func close() throws {
        let path = Self.path(in: directory)
        if keeper.hasFailed { Suspicion.note(path, reason: "\(StoreError.syncFailed(path))") }
        guard !Suspicion.isNoted(path) else {
            let inspector = try? Soundness.inspector(path)
            // Reading takes the lock that keeps the pool from copying the log back.
            _ = try? inspector?.read { db in try Int.fetchOne(db, sql: "PRAGMA schema_version") }
            try pool.close()
            try? inspector?.close()
            return
        }
        // Closing alone leaves the log beside the file when a reader is the last to go; a copy of the file must be whole.
        try copyBack(.truncate)
        try pool.close()
    }

    /// Through the connection of the writer, which alone may copy the log back; between two transactions.
    /// - Parameter patience: seconds to wait for readers.
    /// - Throws: `DatabaseError`, busy if readers are in the way; `StoreError.syncFailed`.
    func copyBack(_ mode: Database.CheckpointMode, patience: Int = Store.patience) throws {
        try noting {
            try pool.writeWithoutTransaction { db in
                guard let connection = db.sqliteConnection else { return }
                try db.execute(sql: "PRAGMA busy_timeout = \(patience * 1_000)")
                defer { try? db.execute(sql: "PRAGMA busy_timeout = \(Self.patience * 1_000)") }
                let code = keeper.copyBack(connection, mode.rawValue)
                guard !keeper.hasFailed else { throw StoreError.syncFailed(Self.path(in: directory)) }
                guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
            }
        }
    }
}
