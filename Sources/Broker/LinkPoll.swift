import Glibc

/// What a poll found.
struct Readiness: OptionSet {
    let rawValue: Int32
    static let readable = Readiness(rawValue: 1)
    static let writable = Readiness(rawValue: 2)
    /// Both directions are closed, or the connection was reset.
    static let dead = Readiness(rawValue: 4)
}

extension Link {
    /// Waits for the socket or for the wake-up, at most `milliseconds`.
    func poll(reading: Bool, writing: Bool, wakeUp: WakeUp, milliseconds: Int64) -> Readiness {
        let wanted = (reading ? POLLIN : 0) | (writing ? POLLOUT : 0)
        var entries = (
            pollfd(fd: socket, events: Int16(wanted), revents: 0),
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
        )
        // A tuple of two equal structs has the layout of an array of two.
        let found = withUnsafeMutablePointer(to: &entries) {
            $0.withMemoryRebound(to: pollfd.self, capacity: 2) {
                Glibc.poll($0, 2, Int32(clamping: max(0, milliseconds)))
            }
        }
        guard found > 0 else { return [] }
        if entries.1.revents != 0 { wakeUp.clear() }
        var readiness: Readiness = []
        let events = Int32(entries.0.revents)
        if events & Int32(POLLIN) != 0 { readiness.insert(.readable) }
        if events & Int32(POLLOUT) != 0 { readiness.insert(.writable) }
        if events & Int32(POLLHUP | POLLERR | POLLNVAL) != 0 { readiness.insert(.dead) }
        return readiness
    }
}
