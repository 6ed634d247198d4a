import GRDB
import GRDBSQLite
import Synchronization

/// Copies the write-ahead log back into the file when it has grown, and sees to it that what counts as copied is on the disk.
///
/// SQLite counts pages as copied without a sync while a reader keeps it from copying all of them, and from then on reads them
/// from the file. If the sync that comes at the end then fails, the kernel may have dropped them; the next attempt copies only
/// the rest, and the log is written over (`walCheckpoint` in wal.c). So a part is synced at once here, and if that fails
/// the log must be taken up anew from its beginning, which only a new start does.
final class LogKeeper: Sendable {
    private struct State {
        /// Pages at which the log is copied back.
        var limit: Int
        /// Pages of the log that are in the file, and known to be on the disk.
        var copied: Int32 = 0
        var hasFailed = false
    }
    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(limit: limit)) }

    /// Whether pages count as copied that the disk may not have.
    var hasFailed: Bool { state.withLock(\.hasFailed) }

    func setLimit(_ pages: Int) { state.withLock { $0.limit = pages } }

    /// After every commit of this connection. In place of SQLite's own hook, which passes errors over.
    ///
    /// The pointer is safe: what commits does so through the `Store`, which holds the keeper; a reader that outlives it never does.
    func attach(to db: Database) {
        _ = sqlite3_wal_hook(
            db.sqliteConnection,
            { context, connection, _, pages in
                guard let context, let connection else { return SQLITE_OK }
                let keeper = Unmanaged<LogKeeper>.fromOpaque(context).takeUnretainedValue()
                // The commit is done, whatever becomes of this: the log keeps it.
                if pages >= keeper.state.withLock(\.limit) {
                    _ = keeper.copyBack(connection, SQLITE_CHECKPOINT_PASSIVE)
                }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// - Returns: SQLite's code; `SQLITE_BUSY` if readers were in the way.
    func copyBack(_ connection: OpaquePointer, _ mode: Int32) -> Int32 {
        guard !hasFailed else { return SQLITE_IOERR }
        var pages: Int32 = 0
        var copied: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(connection, "main", mode, &pages, &copied)
        let isNews = state.withLock { state in
            defer { state.copied = copied }
            return copied != state.copied
        }
        guard isNews, copied > 0, copied < pages, !sync(connection) else { return code }
        state.withLock { $0.hasFailed = true }
        return SQLITE_IOERR
    }

    private func sync(_ connection: OpaquePointer) -> Bool {
        var file: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard let file, let sync = file.pointee.pMethods?.pointee.xSync else { return false }
        return sync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK
    }
}
