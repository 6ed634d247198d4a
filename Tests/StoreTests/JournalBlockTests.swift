import Telemetry
import TestSupport
import Testing

@testable import Store

@Suite("Journal block")
struct JournalBlockTests {
    @Test("gives messages and readings back bit by bit")
    func roundTrip() throws {
        let messages = [
            AcceptedMessage(
                device: DeviceID(3), sequence: 0, fingerprint: 0, arrival: 1_767_574_923_000,
                newestTime: 1_767_574_900_000),
            AcceptedMessage(
                device: DeviceID(1), sequence: -1, fingerprint: .max, arrival: 1_767_574_922_000,
                newestTime: 1_767_574_999_000),
            AcceptedMessage(
                device: DeviceID(2), sequence: .max - 1, fingerprint: 0, arrival: 0, newestTime: -5),
            // A sign of life without readings, and the greatest number there is.
            AcceptedMessage(
                device: DeviceID(4), sequence: -1, fingerprint: 0, arrival: 1_767_574_923_000,
                newestTime: .min),
            AcceptedMessage(
                device: DeviceID(5), sequence: .max, fingerprint: 0, arrival: 1_767_574_923_000, newestTime: 0
            ),
        ]
        let readings = [
            Reading(series: SeriesID(9), time: 1_767_574_900_123, value: -0.0, weight: 1, quality: .bad),
            Reading(series: SeriesID(2), time: 1_767_574_900_122, value: .pi, weight: 42, quality: .good),
            Reading(series: SeriesID(.max), time: -1, value: 1e300, weight: 0, quality: .uncertain),
        ]
        let block = try #require(
            JournalBlock.decode(JournalBlock.encode(messages: messages, readings: readings)))
        #expect(block.messages == messages)
        #expect(block.readings == readings)
        #expect(block.readings[0].value.sign == .minus)
    }

    @Test(
        "gives any number of readings back, each byte of their values in its place",
        arguments: [0, 1, 7, 8, 9, 64, 1_003])
    func planes(count: Int) throws {
        var dice = SeededGenerator(seed: UInt64(count))
        let readings = (0..<count).map { _ in
            Reading(
                series: SeriesID(UInt32(truncatingIfNeeded: dice.next())),
                time: Int64(bitPattern: dice.next()),
                value: Double(bitPattern: dice.next() >> 2), weight: dice.next() & 3 == 0 ? 0.5 : 1)
        }
        let block = JournalBlock.encode(messages: [], readings: readings)
        #expect(JournalBlock.decode(block)?.readings == readings)
    }

    @Test("refuses every truncation and never crashes on damage")
    func damage() {
        let readings = (0..<50).map {
            Reading(series: SeriesID(UInt32($0)), time: Int64($0), value: Double($0))
        }
        let block = JournalBlock.encode(messages: [], readings: readings)
        for length in block.indices { #expect(JournalBlock.decode(Array(block[..<length])) == nil) }
        for index in block.indices {
            var damaged = block
            damaged[index] ^= 0x55
            _ = JournalBlock.decode(damaged)
        }
    }
}
