/// Why there is no token: what, where, and what to do.
package enum AccessTokenError: Error, Sendable, Equatable, CustomStringConvertible {
    case notReadable(String, reason: String)
    case notWritable(String, reason: String)
    case readableByOthers(String, mode: UInt)
    case notAToken(String)

    package var description: String {
        switch self {
        case .notReadable(let path, let reason):
            "\(path): cannot read the access token (\(reason)); give this user the right to read it, or delete it"
        case .notWritable(let path, let reason):
            "\(path): cannot write a new access token (\(reason)); give this user the right to write there"
        case .readableByOthers(let path, let mode):
            "\(path): other users may read the access token (mode \(String(mode, radix: 8))); run `chmod 600 \(path)`"
        case .notAToken(let path):
            "\(path): expected one line of 16 or more visible ASCII characters; delete it and a new one is made"
        }
    }
}
