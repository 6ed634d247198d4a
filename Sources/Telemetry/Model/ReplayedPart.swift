/// The part of a file that a replay has stored: so many of its first bytes, known by their hash under whatever name they
/// come again.
package struct ReplayedPart: Sendable, Equatable {
    package var id: Int64
    /// Where the file was; nil for what has no place of its own, as a pipe.
    package var path: String?
    /// What its payloads were taken to be.
    package var target: String
    package var bytes: Int64
    /// SHA-256 of them.
    package var hash: [UInt8]

    package init(id: Int64, path: String?, target: String, bytes: Int64, hash: [UInt8]) {
        self.id = id
        self.path = path
        self.target = target
        self.bytes = bytes
        self.hash = hash
    }
}
