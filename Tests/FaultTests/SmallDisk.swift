import Foundation
import TestSupport

/// A disk that can be filled to the last byte: a tmpfs, which only root may mount.
final class SmallDisk {
    let path: String
    private var ballast: String { path + "/ballast" }

    /// nil where this user may not mount.
    init?(path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("ioc-test", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { return nil }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    func fill() {
        let file = open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(file) }
        for size in [1 << 20, 4_096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(file, bytes, size) == size {}
        }
    }

    func empty() { unlink(ballast) }
}

/// No file of the process may grow beyond `bytes`; nil lifts the limit again.
func limitFileSize(of process: Int32, to bytes: UInt64?) throws {
    // prlimit(2) is hidden from Swift behind _GNU_SOURCE; the command of the same name is part of every Debian.
    let command = try ChildProcess(
        "/usr/bin/prlimit",
        ["--pid", "\(process)", "--fsize=\(bytes.map(String.init) ?? "unlimited"):unlimited"])
    guard command.waitForExit(milliseconds: 10_000) == 0 else {
        throw Failure("prlimit cannot limit the files of process \(process)")
    }
}
