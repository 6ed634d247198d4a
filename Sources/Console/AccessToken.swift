import FoundationEssentials
import Glibc

/// The secret that clients of the console show.
package struct AccessToken: Sendable, Equatable {
    /// Fewer characters could be guessed.
    private static let minimumLength = 16

    package let value: String

    package init(_ value: String) {
        precondition(!value.isEmpty, "an empty token would let everybody in")
        self.value = value
    }

    /// Whether `candidate` is this token. Takes as long whichever byte differs: guessing byte by byte is no use.
    func matches(_ candidate: some StringProtocol) -> Bool {
        let expected = Array(value.utf8)
        var difference: UInt8 = candidate.utf8.count == expected.count ? 0 : 1
        for (index, byte) in candidate.utf8.enumerated() {
            difference |= byte ^ expected[index % expected.count]
        }
        return difference == 0
    }

    /// Reads the token of a file, or makes a new one where there is no file.
    package static func load(_ path: String) throws(AccessTokenError) -> AccessToken {
        if let token = try read(path) { return token }
        let token = AccessToken(random())
        guard try make(path, token) else {
            // Another process made it in the meantime.
            guard let theirs = try read(path) else { throw .notReadable(path, reason: "it comes and goes") }
            return theirs
        }
        return token
    }

    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// - Returns: nil if there is no such file.
    private static func read(_ path: String) throws(AccessTokenError) -> AccessToken? {
        // A named pipe would be waited for without O_NONBLOCK, a link could lead to what others may write.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .notReadable(path, reason: String(cString: strerror(errno)))
        }
        defer { close(file) }
        try checkMode(path)
        var buffer = [UInt8](repeating: 0, count: 4 << 10)
        let count = Glibc.read(file, &buffer, buffer.count)
        guard count >= 0 else { throw .notReadable(path, reason: String(cString: strerror(errno))) }
        let words = buffer.prefix(count).split { $0 == 10 || $0 == 13 || $0 == 32 }
        guard words.count == 1, words[0].count >= minimumLength,
            words[0].allSatisfy({ (33...126).contains($0) })
        else { throw .notAToken(path) }
        return AccessToken(String(decoding: words[0], as: UTF8.self))
    }

    private static func checkMode(_ path: String) throws(AccessTokenError) {
        // Not by fstat: NIO's C module claims its struct, so that Glibc alone cannot name it.
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let mode = attributes[.posixPermissions] as? UInt
        else { throw .notReadable(path, reason: "its mode is unknown") }
        guard mode & 0o077 == 0 else { throw .readableByOthers(path, mode: mode & 0o777) }
    }

    /// - Returns: false if there is such a file already.
    private static func make(_ path: String, _ token: AccessToken) throws(AccessTokenError) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == EEXIST { return false }
            throw .notWritable(path, reason: String(cString: strerror(errno)))
        }
        defer { close(file) }
        let line = Array((token.value + "\n").utf8)
        guard write(file, line, line.count) == line.count, fsync(file) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(path)
            throw .notWritable(path, reason: reason)
        }
        return true
    }
}
