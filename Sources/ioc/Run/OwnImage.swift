import Foundation
import Glibc

/// The program in its process. The process stays, with its id, arguments and environment; everything else begins anew.
enum OwnImage {
    /// Returns only if it need not or cannot be replaced.
    /// - Parameter isEnding: whether an end was asked for meanwhile.
    static func replace(unless isEnding: () -> Bool) -> ServiceFault? {
        let path = ownPath()
        closeOnReplacing()
        // Dispositions that ignore and the mask outlive the image. Another SIGHUP must not end what does not listen yet;
        // it will read the files anyway.
        for number in 1...Int32(64) { signal(number, number == SIGHUP ? SIG_IGN : SIG_DFL) }
        // From here on an order to end is carried out at once, for everything is stored; one that came just before has its
        // time to be noticed.
        for number in [SIGTERM, SIGINT] { signal(number) { _ in _exit(0) } }
        usleep(10_000)
        guard !isEnding() else { return nil }
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        execv(path, CommandLine.unsafeArgv)
        return ServiceFault("\(path): cannot begin anew: \(String(cString: strerror(errno)))")
    }

    /// The file this process runs; where another has taken its place on disk, the very same all the same: a reload is no
    /// upgrade.
    private static func ownPath() -> String {
        let link = "/proc/self/exe"
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
        return path.flatMap { $0.hasSuffix(" (deleted)") ? nil : $0 } ?? link
    }

    private static func closeOnReplacing() {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }
}
