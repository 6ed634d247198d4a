import CMosquitto
import Glibc

/// Ends another thread's poll. An eventfd: any number of signals before the poll count as one.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() throws(BrokerError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else {
            throw BrokerError(
                .resources, "no eventfd: \(String(cString: strerror(errno))); raise the limit on open files")
        }
    }

    deinit { close(descriptor) }

    /// From any thread.
    func signal() {
        var one: UInt64 = 1
        // A full counter fails with EAGAIN, and then the poll ends anyway.
        _ = write(descriptor, &one, 8)
    }

    /// Forgets the signals so far.
    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }

    /// Returns after `milliseconds`, or at once when signalled.
    func wait(milliseconds: Int64) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, Int32(clamping: max(0, milliseconds))) > 0 { clear() }
    }
}
