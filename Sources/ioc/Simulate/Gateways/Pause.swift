import Foundation

/// Puts the calling thread to sleep; for threads of our own only, never for a task.
enum Pause {
    static func sleep(microseconds: Int64) {
        guard microseconds > 0 else { return }
        var rest = timespec(tv_sec: Int(microseconds / 1_000_000), tv_nsec: Int(microseconds % 1_000_000) * 1_000)
        nanosleep(&rest, nil)
    }
}
