import Telemetry
import TestSupport
import Testing
import Unpacking

@Suite("Packed payloads")
struct PayloadUnpackerTests {
    private let unpacker = PayloadUnpacker()

    private func unpack(_ packed: [UInt8], _ compression: Compression, limit: Int = 65_536)
        -> Result<[UInt8], Rejection>
    {
        packed.withUnsafeBytes { unpacker.unpack($0, compression, limit: limit) }.map(Array.init)
    }

    private func expectRefused(
        _ packed: [UInt8], _ compression: Compression, _ reason: RejectionReason, limit: Int = 65_536,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = unpack(packed, compression, limit: limit)
        guard case .failure(let rejection) = found else {
            Issue.record("unpacked: \(found)", sourceLocation: sourceLocation)
            return
        }
        #expect(rejection.reason == reason, sourceLocation: sourceLocation)
        #expect(rejection.offset <= packed.count, sourceLocation: sourceLocation)
    }

    @Test("come out as they went in, one after the other", arguments: Compression.allCases)
    func roundTrip(compression: Compression) {
        var random = SeededGenerator(seed: 7)
        for count in [1, 2, 100, 4_096, 65_536] {
            let payload = (0..<count).map { _ in UInt8.random(in: 0...31, using: &random) }
            #expect(unpack(PayloadPacker.pack(payload, compression), compression) == .success(payload))
        }
    }

    /// `printf 'Huế 23.5' | gzip -n -9` and `… | zstd`.
    @Test("of other programs are understood")
    func others() {
        let text = Array("Huế 23.5".utf8)
        let gzip: [UInt8] = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xf3, 0x28, 0x7d, 0xb8, 0x6b, 0xbf,
            0x82, 0x91, 0xb1, 0x9e, 0x29, 0x00, 0xe1, 0xb4, 0x4a, 0x14, 0x0a, 0x00, 0x00, 0x00,
        ]
        let zstd: [UInt8] = [
            0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x51, 0x00, 0x00, 0x48, 0x75, 0xe1, 0xba, 0xbf, 0x20, 0x32,
            0x33, 0x2e, 0x35, 0x0d, 0x40, 0x02, 0xcf,
        ]
        #expect(unpack(gzip, .gzip) == .success(text))
        #expect(unpack(zstd, .zstd) == .success(text))
        expectRefused(gzip, .zstd, .notCompressed)
        expectRefused(zstd, .gzip, .notCompressed)
        // The last byte but four is of the checksum.
        expectRefused(gzip[..<25] + [gzip[25] ^ 1] + gzip[26...], .gzip, .notCompressed)
    }

    @Test("in several members are one content")
    func members() {
        let packed = PayloadPacker.pack([1, 2], .gzip) + PayloadPacker.pack([3], .gzip)
        #expect(unpack(packed, .gzip) == .success([1, 2, 3]))
        let frames = PayloadPacker.pack([1, 2], .zstd) + PayloadPacker.pack([3], .zstd)
        #expect(unpack(frames, .zstd) == .success([1, 2, 3]))
    }

    @Test(
        "that say more than a message may have are too large, and do no more work than that",
        arguments: Compression.allCases)
    func bomb(compression: Compression) {
        let packed = PayloadPacker.pack([UInt8](repeating: 0, count: 8 << 20), compression)
        #expect(packed.count < 16_384)
        expectRefused(packed, compression, .tooLarge)
        let exact = PayloadPacker.pack([UInt8](repeating: 7, count: 1_000), compression)
        #expect(unpack(exact, compression, limit: 1_000) == .success([UInt8](repeating: 7, count: 1_000)))
        expectRefused(exact, compression, .tooLarge, limit: 999)
    }

    @Test(
        "that are cut off, spoiled, followed by rubbish, or none at all are refused",
        arguments: Compression.allCases)
    func broken(compression: Compression) {
        let payload = Array("a payload with some words in it, and words again".utf8)
        let packed = PayloadPacker.pack(payload, compression)
        for count in 0..<packed.count { expectRefused(Array(packed[..<count]), compression, .notCompressed) }
        expectRefused(packed + [1, 2, 3], compression, .notCompressed)
        expectRefused(Array("{\"a\":1}".utf8), compression, .notCompressed)
        var spoiled = packed
        spoiled[packed.count / 2] ^= 0xFF
        if case .success(let content) = unpack(spoiled, compression) {
            // Zstandard frames need carry no checksum: then it is another content, never a crash.
            #expect(compression == .zstd && content != payload)
        }
        // What was refused leaves nothing behind.
        #expect(unpack(packed, compression) == .success(payload))
    }
}
