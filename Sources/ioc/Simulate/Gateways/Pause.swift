import Glibc

/// Puts the calling thread to sleep; for threads of our own only, never for a task.
enum Pause {
    static func sleep(microseconds: Int64) {
        guard microseconds > 0 else { return }
        usleep(UInt32(clamping: microseconds))
    }
}
