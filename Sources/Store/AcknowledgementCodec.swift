import Foundation
import Telemetry

/// Eighteen bytes a message: packet id, then the fingerprint, all little-endian.
enum AcknowledgementCodec {
    private static let length = 18

    static func encode(_ entries: [Acknowledgement]) -> [UInt8] {
        let count = entries.count * length
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, used in
            var cursor = BlockCursor(bytes.baseAddress!)
            for entry in entries {
                cursor.put(fixed: entry.packet)
                cursor.put(fixed: entry.high)
                cursor.put(fixed: entry.low)
            }
            used = count
        }
    }

    static func decode(_ data: Data) -> [Acknowledgement] {
        data.withUnsafeBytes { bytes in
            stride(from: 0, through: bytes.count - length, by: length).map { at in
                Acknowledgement(
                    packet: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)),
                    high: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 2, as: UInt64.self)),
                    low: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 10, as: UInt64.self)))
            }
        }
    }
}
