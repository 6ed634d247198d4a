import Glibc

/// A child of this process, started with no signal blocked.
///
/// Foundation's Process is not for servers: the child inherits the signal mask of the calling thread, which in Swift's
/// thread pool blocks SIGTERM, and waitUntilExit then waits for ever.
package final class ChildProcess: Sendable {
    package let pid: Int32

    /// - Parameters:
    ///   - environment: in addition to that of this process.
    ///   - log: file that its output is appended to.
    /// - Throws: when it cannot be started.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], log: String = "/dev/null"
    ) throws {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0)
        for descriptor: Int32 in 1...2 {
            posix_spawn_file_actions_addopen(
                &files, descriptor, log, O_WRONLY | O_CREAT | O_APPEND, S_IRUSR | S_IWUSR)
        }

        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        var variables = Self.environment(environment)
        defer { variables.forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, path, &files, &attributes, words, &variables)
        guard code == 0 else { throw Failure(description: "\(path): \(String(cString: strerror(code)))") }
        self.pid = pid
    }

    private static func environment(_ more: [String: String]) -> [UnsafeMutablePointer<CChar>?] {
        var variables: [UnsafeMutablePointer<CChar>?] = []
        var own = environ
        while let variable = own.pointee {
            variables.append(strdup(variable))
            own += 1
        }
        for (name, value) in more { variables.append(strdup("\(name)=\(value)")) }
        return variables + [nil]
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Sends a signal. Not after `waitForExit` said true: the id may belong to someone else by then.
    package func signal(_ signal: Int32) { kill(pid, signal) }

    /// Waits for its end, at most `milliseconds`, and takes its status.
    /// - Returns: the wait status, or nil when it still runs.
    package func waitForExit(milliseconds: Int) -> Int32? {
        var status: Int32 = 0
        for _ in 0...milliseconds {
            if waitpid(pid, &status, WNOHANG) != 0 { return status }
            usleep(1000)
        }
        return nil
    }
}
