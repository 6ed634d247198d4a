import Glibc

/// Sees to it that one process writes into a data directory.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `StoreError.inUse` or `.notWritable`.
    init(directory: String) throws(StoreError) {
        let path = directory + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritable(directory, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(directory)
        }
    }

    /// Unlocks before it closes: a child process between its fork and its exec holds a copy of the
    /// descriptor, and a lock lives as long as any copy unless it is let go by name.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
