import CZlib
import CZstd
package import Telemetry

/// Unpacks gzip and Zstandard payloads, with what libraries need allocated once.
package final class PayloadUnpacker: Unpacker {
    private var content: UnsafeMutableRawBufferPointer
    private let gzip: UnsafeMutablePointer<z_stream>
    private let zstd: OpaquePointer

    /// 15 for the largest window, 16 for gzip's header and nothing else (zlib.h, inflateInit2).
    static let gzipWindow: Int32 = 15 + 16

    package init() {
        content = .allocate(byteCount: 0, alignment: 16)
        gzip = .allocate(capacity: 1)
        gzip.initialize(to: z_stream())
        precondition(zlib_inflate_begin(gzip, Self.gzipWindow) == Z_OK, "no memory left for zlib")
        guard let context = ZSTD_createDCtx() else { preconditionFailure("no memory left for zstd") }
        zstd = context
    }

    deinit {
        inflateEnd(gzip)
        gzip.deallocate()
        ZSTD_freeDCtx(zstd)
        content.deallocate()
    }

    package func unpack(_ payload: UnsafeRawBufferPointer, _ compression: Compression, limit: Int)
        -> Result<UnsafeRawBufferPointer, Rejection>
    {
        // To zstd nothing is a sequence of no frames.
        guard !payload.isEmpty else { return .failure(Rejection(.notCompressed)) }
        if content.count < limit {
            content.deallocate()
            content = .allocate(byteCount: limit, alignment: 16)
        }
        let room = UnsafeMutableRawBufferPointer(rebasing: content[..<limit])
        return switch compression {
        case .gzip: unpackGzip(payload, into: room)
        case .zstd: unpackZstd(payload, into: room)
        }
    }

    /// Members may follow each other (RFC 1952 section 2.2); anything else behind one is a fault.
    private func unpackGzip(_ payload: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer)
        -> Result<UnsafeRawBufferPointer, Rejection>
    {
        var read = 0
        var written = 0
        repeat {
            inflateReset(gzip)
            gzip.pointee.next_in = UnsafeMutablePointer(
                mutating: payload.baseAddress?.advanced(by: read).assumingMemoryBound(to: UInt8.self))
            gzip.pointee.avail_in = UInt32(payload.count - read)
            gzip.pointee.next_out = room.baseAddress?.advanced(by: written).assumingMemoryBound(
                to: UInt8.self)
            gzip.pointee.avail_out = UInt32(room.count - written)
            let code = inflate(gzip, Z_FINISH)
            let at = payload.count - Int(gzip.pointee.avail_in)
            guard code == Z_STREAM_END else {
                let isFull = gzip.pointee.avail_out == 0 && (code == Z_OK || code == Z_BUF_ERROR)
                return .failure(Rejection(isFull ? .tooLarge : .notCompressed, at: at))
            }
            read = at
            written = room.count - Int(gzip.pointee.avail_out)
        } while read < payload.count
        return .success(UnsafeRawBufferPointer(rebasing: room[..<written]))
    }

    private func unpackZstd(_ payload: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer)
        -> Result<UnsafeRawBufferPointer, Rejection>
    {
        let size = ZSTD_decompressDCtx(
            zstd, room.baseAddress, room.count, payload.baseAddress, payload.count)
        guard ZSTD_isError(size) == 0 else {
            let isFull = ZSTD_getErrorCode(size) == ZSTD_error_dstSize_tooSmall
            return .failure(Rejection(isFull ? .tooLarge : .notCompressed))
        }
        return .success(UnsafeRawBufferPointer(rebasing: room[..<size]))
    }
}
