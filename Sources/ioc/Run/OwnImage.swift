import Foundation
import Glibc

/// The program in its process. The process stays, with its id, arguments and environment; everything else begins anew.
enum OwnImage {
    /// Returns only if it cannot be replaced.
    static func replace() -> ServiceFault {
        let path = ownPath()
        closeOnReplacing()
        // Ignored signals and the mask would outlive the image. A SIGTERM of this moment ends the process, which has
        // nothing left to store; another SIGHUP must not, before somebody listens to it again.
        for number in 1...Int32(64) where number != SIGHUP { signal(number, SIG_DFL) }
        signal(SIGHUP, SIG_IGN)
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
