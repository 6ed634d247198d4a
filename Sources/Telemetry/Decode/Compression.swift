/// How a payload is packed.
package enum Compression: String, Sendable, CaseIterable {
    /// RFC 1952.
    case gzip
    /// RFC 8878.
    case zstd
}

/// Unpacks payloads into memory of its own, which the next call uses again. Owned by one thread.
///
/// A protocol, because the libraries that can are none of this module's business.
package protocol Unpacker: AnyObject {
    /// - Parameter limit: bytes the content may have. A few bytes can say millions, so it bounds the work as well.
    /// - Returns: the content, valid until the next call; `notCompressed` or `tooLarge` else.
    func unpack(_ payload: UnsafeRawBufferPointer, _ compression: Compression, limit: Int)
        -> Result<UnsafeRawBufferPointer, Rejection>
}
