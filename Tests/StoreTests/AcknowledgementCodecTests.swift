import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Store

@Suite("Acknowledgements as they are stored")
struct AcknowledgementCodecTests {
    @Test("are eighteen bytes each, little-endian, and come back as they were", arguments: [0, 1, 1_000])
    func roundTrip(count: Int) {
        var chance = SeededGenerator(seed: UInt64(count))
        let entries = (0..<count).map { _ in
            Acknowledgement(
                packet: .random(in: 0 ... .max, using: &chance), high: chance.next(), low: chance.next())
        }
        let bytes = AcknowledgementCodec.encode(entries)
        #expect(bytes.count == count * 18)
        #expect(AcknowledgementCodec.decode(Data(bytes)) == entries)
    }

    @Test("have the packet id in front, and what is cut off is none")
    func layout() {
        let bytes = AcknowledgementCodec.encode([Acknowledgement(packet: 0x0201, high: 3, low: 4)])
        #expect(bytes == [1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0])
        #expect(AcknowledgementCodec.decode(Data(bytes + bytes.dropLast())).count == 1)
    }
}
