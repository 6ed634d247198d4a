import Foundation
import GRDB
package import Synchronization

/// Keeps the write-ahead log within its bound as far as readers let it.
///
/// SQLite copies the log back while the service works, and begins it anew when no reader needs it. One that stays in a
/// read for hours (a forgotten `BEGIN` in a shell, a copy of the file) makes it grow without end; nobody may cut it short.
package final class LogBound: Sendable {
    /// Bytes.
    package let limit: Int64
    /// How often the log was found beyond the limit after it had been within.
    package let timesOver = Atomic<Int64>(0)
    private let isOver = Atomic<Bool>(false)
    private let store: Store

    package init(store: Store, limit: Int64) {
        self.store = store
        self.limit = limit
    }

    /// Size of the log now.
    package var bytes: Int64 {
        let path = Store.path(in: store.directory) + "-wal"
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size]
        return (size as? NSNumber)?.int64Value ?? 0
    }

    /// Looks once, and tries to empty a log that is too large; for one thread at a time.
    /// - Returns: whether it is within its bound now.
    @discardableResult
    package func look() throws -> Bool {
        guard bytes > limit else {
            isOver.store(false, ordering: .relaxed)
            return true
        }
        if !isOver.exchange(true, ordering: .relaxed) { timesOver.add(1, ordering: .relaxed) }
        try empty()
        let isWithin = bytes <= limit
        if isWithin { isOver.store(false, ordering: .relaxed) }
        return isWithin
    }

    private func empty() throws {
        do {
            // With the patience of all else the intake would stand as long as a reader that stays.
            try store.copyBack(.truncate, patience: 0)
        } catch DatabaseError.SQLITE_BUSY {
            // What no reader needs is copied back; the file stays as long as it is.
        }
    }
}
