import Foundation
import GRDB
import Telemetry

/// Whether a file is a database of ours that can be built on.
enum Soundness {
    /// Opens for reading only: what turns out to be damaged is to stay as it is, byte by byte, and the last connection that
    /// can write copies the log back when it closes.
    /// - Returns: nil where there is nothing to look at, or nothing can be seen before a writer has rolled a journal back.
    static func inspector(_ path: String) throws -> DatabaseQueue? {
        guard size(path) > 0 else {
            // SQLite deletes the log of an empty file, and with it what was committed.
            guard !hasLog(path) else {
                throw StoreError.corrupt(path, reason: "it is empty, its write-ahead log is not")
            }
            return nil
        }
        guard size(path + "-journal") == 0 else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// - Throws: `StoreError.newerVersion`, `.corrupt`, or what SQLite says.
    static func check(_ db: Database, _ path: String) throws {
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard try isEmpty || db.tableExists("grdb_migrations") else {
            throw StoreError.unusable(path, reason: "it is a database of another program")
        }
        guard try !Schema.migrator.hasBeenSuperseded(db) else { throw StoreError.newerVersion(path) }
        // The short one compares no index with its table, which is what takes the time.
        let pragma = Suspicion.isNoted(path) ? "integrity_check" : "quick_check"
        let health = try String.fetchOne(db, sql: "PRAGMA \(pragma)(1)") ?? ""
        guard health == "ok" else {
            // A heading, then a line for each fault.
            let reason = health.split(separator: "\n").filter { !$0.hasPrefix("***") }.joined(separator: "; ")
            throw StoreError.corrupt(path, reason: reason)
        }
        guard try db.tableExists("journal"), try db.tableExists("meta") else { return }
        try Store.forEachOpenBlock(since: try Store.position(db), path, db) { _, _, _ in }
    }

    /// Makes the next connection take up the log from its beginning, also where a reader of another program keeps the log's
    /// index alive: to SQLite it looks as if a writer had died while it changed the index.
    static func forgetIndex(_ path: String) {
        let descriptor = open(path + "-shm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        // Both copies of its header (wal.c, WalIndexHdr).
        let zeros = [UInt8](repeating: 0, count: 2 * 48)
        _ = pwrite(descriptor, zeros, zeros.count, 0)
        close(descriptor)
    }

    /// Whether a write-ahead log holds more than its header.
    static func hasLog(_ path: String) -> Bool { size(path + "-wal") > 32 }

    /// 0 if there is no such file.
    private static func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}

/// A note beside the database that work with it met damage: the next start then checks all of it, indexes too.
enum Suspicion {
    private static func note(_ path: String) -> String { path + ".suspect" }

    static func isNoted(_ path: String) -> Bool { access(note(path), F_OK) == 0 }

    /// A disk that takes no note either is met again at the next start.
    static func note(_ path: String, reason: String) {
        try? Data((reason + "\n").utf8).write(to: URL(fileURLWithPath: note(path)))
    }

    static func clear(_ path: String) { unlink(note(path)) }
}

extension DatabaseError {
    /// What SQLite read is no database, or not a sound one; failed reads and writes show nothing of the kind.
    var showsDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}

extension StoreError {
    init(_ error: DatabaseError, _ path: String) {
        let reason = error.message ?? "\(error.resultCode)"
        self =
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt(path, reason: reason)
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR, .SQLITE_FULL:
                .notWritable(path, reason: reason)
            default: .unusable(path, reason: reason)
            }
    }
}
