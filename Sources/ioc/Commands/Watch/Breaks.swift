import Synchronization

/// Whether the stream is broken: its return is worth a sentence only after a break.
final class Breaks: Sendable {
    private let isBroken = Mutex(false)

    func begin() { isBroken.withLock { $0 = true } }

    /// - Returns: whether there was a break.
    func end() -> Bool {
        isBroken.withLock { isBroken in
            defer { isBroken = false }
            return isBroken
        }
    }
}
