import ArgumentParser
import Catalog
import Telemetry
import Testing
import Unpacking

@testable import ioc

@Suite("Profiles with packed payloads")
struct PackedPayloadTests {
    private static let limits = DecodeLimits()

    /// The delivered profiles, packed.
    private func profiles(_ compression: Compression) throws -> [DeviceProfile] {
        try SimulateFleet.catalog.profiles.map { profile in
            var profile = profile
            profile.wire.compression = compression
            profile.format = try profile.wire.compile(for: profile.measurements)
            return profile
        }
    }

    private func decode(
        _ payload: [UInt8], _ format: PayloadFormat, _ device: Device, _ scratch: DecodeScratch
    )
        -> Rejection?
    {
        var message = DecodedMessage()
        return payload.withUnsafeBytes { payload in
            Array(device.key.utf8).withUnsafeBufferPointer {
                format.decode(
                    payload, device: $0, now: SimulateFleet.monday, into: scratch, &message)
            }
        }
    }

    @Test("every simulated message means the same as it does unpacked", arguments: Compression.allCases)
    func same(compression: Compression) throws {
        let profiles = try profiles(compression)
        let plain = SimulateFleet.speeches()
        let packed = profiles.map {
            ProfileSpeech($0, zone: SimulateFleet.catalog.zone, seed: 1, keepsOddTimes: false)
        }
        var plainMaker = SimulateFleet.maker(plain)
        var packedMaker = SimulateFleet.maker(packed)
        let scratch = DecodeScratch(limits: Self.limits, unpacker: PayloadUnpacker())
        for voice in plainMaker.voices.indices {
            let device = plainMaker.voices[voice].device
            let profile = profiles[device.profileIndex]
            let isMade = plainMaker.make(voice, now: SimulateFleet.monday, isBacklog: false) != nil
            let isPacked = packedMaker.make(voice, now: SimulateFleet.monday, isBacklog: false) != nil
            #expect(isMade && isPacked)
            #expect(packedMaker.payload == PayloadPacker.pack(plainMaker.payload, compression))
            let expected = decode(plainMaker.payload, profile.format.unpacked, device, scratch)
            let readings = Array(scratch.decoded)
            #expect(expected == nil && !readings.isEmpty, "\(device.key)")
            #expect(decode(packedMaker.payload, profile.format, device, scratch) == nil, "\(device.key)")
            #expect(Array(scratch.decoded) == readings, "\(device.key)")
        }
    }

    @Test("a payload that is not packed, or unpacks to too much, is refused and leaves nothing")
    func refused() throws {
        let profile = try #require(try profiles(.gzip).first)
        let device = try #require(SimulateFleet.catalog.devices.first { $0.profileIndex == 0 })
        let scratch = DecodeScratch(limits: Self.limits, unpacker: PayloadUnpacker())
        let plain = decode(Array("{}".utf8), profile.format, device, scratch)
        #expect(plain?.reason == .notCompressed)
        let bomb = PayloadPacker.pack([UInt8](repeating: 0x20, count: Self.limits.payloadBytes + 1), .gzip)
        #expect(decode(bomb, profile.format, device, scratch)?.reason == .tooLarge)
        #expect(scratch.decoded.isEmpty)
    }

    @Test("a payload without a profile is unpacked by --compression")
    func listing() throws {
        let packed = PayloadPacker.pack(Array(#"{"a":{"b":1.5}}"#.utf8), .zstd)
        let command = try #require(
            try DecodeCommand.parseAsRoot(["--format", "json", "--compression", "zstd"]) as? DecodeCommand)
        let content = try command.unpacked(packed).get()
        #expect(content == Array(#"{"a":{"b":1.5}}"#.utf8))
        #expect(command.unpacked(content) == .failure(Rejection(.notCompressed)))
    }
}
