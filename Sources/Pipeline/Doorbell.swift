import Glibc

/// Wakes one thread from others: a pipe, which keeps a ring that comes before the wait, and takes no lock to ring.
package final class Doorbell: Sendable {
    /// Readable while the bell has been rung.
    private let descriptor: Int32
    private let button: Int32

    package init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no file descriptor left for a pipe")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        button = ends[1]
    }

    deinit {
        close(descriptor)
        close(button)
    }

    /// A full pipe is a bell that rings already.
    package func ring() {
        var one: UInt8 = 1
        _ = write(button, &one, 1)
    }

    /// Waits for a ring, at most `milliseconds`, and silences it.
    package func wait(milliseconds: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, milliseconds) > 0 { silence() }
    }

    private func silence() {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) == buffer.count {}
        }
    }
}
