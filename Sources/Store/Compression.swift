import CZstd
import Telemetry

/// Zstandard.
enum Compression {
    /// With a checksum: what is kept for long must show when it is damaged.
    static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let size = ZSTD_compress2(context, buffer.baseAddress, bound, bytes, bytes.count)
            precondition(ZSTD_isError(size) == 0, "zstd has all the room it asked for")
            count = size
        }
    }

    /// nil if `bytes` are no Zstandard frame, or one of more than 256 MiB.
    static func decompress(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        bytes.withUnsafeBytes { bytes in
            let size = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
            guard size <= 256 << 20 else { return nil }
            var isSound = true
            let plain = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                let written = ZSTD_decompress(buffer.baseAddress, Int(size), bytes.baseAddress, bytes.count)
                isSound = ZSTD_isError(written) == 0
                count = isSound ? written : 0
            }
            return isSound ? plain : nil
        }
    }

    /// Length, then frame.
    static func append(_ plain: [UInt8], level: Int32, to bytes: inout [UInt8]) {
        let packed = compress(plain, level: level)
        VariableInteger.append(UInt64(packed.count), to: &bytes)
        bytes.append(contentsOf: packed)
    }

    /// nil if there is no such frame at this place, whole and undamaged.
    static func take(_ bytes: [UInt8], _ at: inout Int) -> [UInt8]? {
        guard let length = VariableInteger.take(bytes, &at), length <= UInt64(bytes.count - at) else {
            return nil
        }
        defer { at += Int(length) }
        return decompress(bytes[at..<at + Int(length)])
    }
}
