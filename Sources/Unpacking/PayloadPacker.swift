import CZlib
import CZstd
package import Telemetry

/// Packs payloads as a gateway would: for the simulator, not for the hot path.
package enum PayloadPacker {
    package static func pack(_ payload: [UInt8], _ compression: Compression) -> [UInt8] {
        switch compression {
        case .gzip: gzip(payload)
        case .zstd: zstd(payload)
        }
    }

    private static func gzip(_ payload: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        precondition(
            zlib_deflate_begin(&stream, Z_DEFAULT_COMPRESSION, PayloadUnpacker.gzipWindow) == Z_OK,
            "no memory left for zlib")
        defer { deflateEnd(&stream) }
        var payload = payload
        let bound = Int(deflateBound(&stream, UInt(payload.count)))
        return payload.withUnsafeMutableBufferPointer { content in
            [UInt8](unsafeUninitializedCapacity: bound) { packed, count in
                stream.next_in = content.baseAddress
                stream.avail_in = UInt32(content.count)
                stream.next_out = packed.baseAddress
                stream.avail_out = UInt32(bound)
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib has all the room it asked for")
                count = bound - Int(stream.avail_out)
            }
        }
    }

    private static func zstd(_ payload: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(payload.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { packed, count in
            count = ZSTD_compress(packed.baseAddress, bound, payload, payload.count, 3)
            precondition(ZSTD_isError(count) == 0, "zstd has all the room it asked for")
        }
    }
}
