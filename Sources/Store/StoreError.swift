/// Why a store cannot be used: what, where, and what to do.
package enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    case noDirectory(String, reason: String)
    case notWritable(String, reason: String)
    case inUse(String)
    case newerVersion(String)
    case olderVersion(String)
    case missing(String)
    case notDurable(String, synchronous: Int)
    case corrupt(String, reason: String)
    case syncFailed(String)
    case unusable(String, reason: String)

    /// Whether no further attempt can succeed, while a new start, which checks the whole file, can.
    package var needsNewStart: Bool {
        switch self {
        case .corrupt, .syncFailed: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .noDirectory(let path, let reason):
            "\(path): cannot make the data directory (\(reason)); make it, or name another with --data-dir"
        case .notWritable(let path, let reason):
            "\(path): cannot write (\(reason)); give this user the right to write there, or name another with --data-dir"
        case .inUse(let path):
            "\(path): another ioc is working there; stop it, or name another directory with --data-dir"
        case .newerVersion(let path):
            "\(path): written by a newer version of ioc; install that version, or name another directory with --data-dir"
        case .olderVersion(let path):
            "\(path): written by an older version of ioc; start `ioc run` of this version once, which takes it over"
        case .missing(let path):
            "\(path): no such database; start `ioc run` once, or name its directory with --data-dir"
        case .notDurable(let path, let synchronous):
            "\(path): SQLite runs with synchronous=\(synchronous), not FULL; refusing to acknowledge what may be lost"
        case .corrupt(let path, let reason):
            "\(path): not a sound database (\(reason)); restore a backup or move it aside"
        case .syncFailed(let path):
            "\(path): the disk did not keep what was written (fsync failed); look at the disk, then start again: what was stored is in the log"
        case .unusable(let path, let reason):
            "\(path): SQLite cannot use it (\(reason)); see that no other program works on it, or name another directory with --data-dir"
        }
    }
}
