import CZstd

/// Zstandard, level 1: journal blocks are written once a commit and seldom read.
enum Compression {
    private static let level: Int32 = 1

    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let size = ZSTD_compress(buffer.baseAddress, bound, bytes, bytes.count, level)
            precondition(ZSTD_isError(size) == 0, "zstd has all the room it asked for")
            count = size
        }
    }

    /// nil if `bytes` are no Zstandard frame, or one of more than 256 MiB.
    static func decompress(_ bytes: [UInt8]) -> [UInt8]? {
        let size = ZSTD_getFrameContentSize(bytes, bytes.count)
        guard size <= 256 << 20 else { return nil }
        var isSound = true
        let plain = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            let written = ZSTD_decompress(buffer.baseAddress, Int(size), bytes, bytes.count)
            isSound = ZSTD_isError(written) == 0
            count = isSound ? written : 0
        }
        return isSound ? plain : nil
    }
}
