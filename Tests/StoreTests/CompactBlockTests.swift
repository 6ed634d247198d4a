import Telemetry
import TestSupport
import Testing

@testable import Store

private let midnight: Milliseconds = 1_767_546_000_000

/// Stretches of the journal, packed by series and unpacked again.
@Suite("Compact block")
struct CompactBlockTests {
    private func expectSame(_ stretch: JournalStretch, _ comment: Comment? = nil) throws {
        let block = CompactBlock.encode(stretch)
        let back = try #require(CompactBlock.decode(block), comment)
        #expect(back.moments == stretch.moments, comment)
        #expect(back.seconds == stretch.seconds, comment)
        #expect(back.heard == stretch.heard, comment)
        #expect(back.readings.count == stretch.readings.count, comment)
        for (left, right) in zip(back.readings, stretch.readings) {
            // Equality alone takes -0 for 0.
            let isSame =
                left == right && left.value.bitPattern == right.value.bitPattern
                && left.weight.bitPattern == right.weight.bitPattern
            #expect(isSame, comment)
        }
        for series in Set(stretch.readings.map(\.series)) {
            let expected = stretch.readings.filter { $0.series == series }
            #expect(CompactBlock.readings(of: series, in: block) == expected, comment)
        }
        #expect(CompactBlock.readings(of: SeriesID(4_000_000), in: block) == [], comment)
    }

    private func stretch(_ commits: [[Reading]], heard: [UInt32] = []) -> JournalStretch {
        let messages = heard.map {
            AcceptedMessage(
                device: DeviceID($0), sequence: 7, fingerprint: 9, arrival: midnight, newestTime: midnight)
        }
        return JournalStretch(
            of: commits.enumerated().map { (messages, $1, midnight + Int64($0) * 30_250) }
        ).arranged
    }

    private func run(
        _ values: [Double], weights: [Double]? = nil, step: Milliseconds = 60_000, series: UInt32 = 5
    ) -> JournalStretch {
        stretch(
            values.enumerated().map { index, value in
                [
                    Reading(
                        series: SeriesID(series), time: midnight + Int64(index) * step, value: value,
                        weight: weights?[index] ?? 1)
                ]
            })
    }

    @Test("gives nothing back for nothing, and a word of who was heard")
    func empty() throws {
        try expectSame(JournalStretch())
        try expectSame(stretch([[], [], []], heard: [3, 1, .max]))
        #expect(stretch([[], [], []], heard: [3, 1]).heard.count == 6)
    }

    @Test(
        "gives values back bit by bit, decimals and others",
        arguments: [
            [1.5], [23.4, 23.5, 23.5, 23.4, 99.9], [0, -0.0, 0], [-0.0], [0.1, 0.2, 0.1 + 0.2],
            [.pi, .ulpOfOne, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude],
            [.infinity, 1, -.infinity], [9_007_199_254_740_991, 1], [9_007_199_254_740_992, 1.5],
            [1e22, 1e-9, 1e9], [123_456_789.123_456_7, 1], [Double(Float(23.4)), Double(Float(23.5))],
            [-5, 5, -5, 5], Array(repeating: 20.25, count: 100), [0.1234567891, 0.000000001],
        ] as [[Double]])
    func values(_ values: [Double]) throws {
        try expectSame(run(values))
        try expectSame(run(Array(repeating: 1, count: values.count), weights: values))
    }

    @Test(
        "gives times back however they run",
        arguments: [0, 1, 999, 1_000, 60_000, -60_000, 1 << 40] as [Int64])
    func times(step: Milliseconds) throws {
        try expectSame(run([1, 2, 3, 4, 5], step: step))
    }

    @Test("gives back the earliest and the latest time and series there are")
    func extremes() throws {
        let readings = [Int64.min, .max, 0, -1, 1].map {
            Reading(series: SeriesID(.max), time: $0, value: 1)
        }
        try expectSame(
            stretch([readings, [Reading(series: SeriesID(0), time: .min, value: 0)]], heard: [.max, 0]))
    }

    @Test("keeps counters with their growth, their resets and what came late, and denominators of ratios")
    func weights() throws {
        try expectSame(run([10, 12, 15.5, 15.5], weights: [0, 2, 3.5, 0]))
        try expectSame(run([10, 12, 3, 4], weights: [4, 2, 3, 1]))
        try expectSame(run([3, 4, 0], weights: [4, 4, 9]))
    }

    @Test("keeps qualities")
    func qualities() throws {
        var stretch = run([1, 2, 3, 4, 5, 6])
        for (index, quality) in [Quality.bad, .bad, .good, .uncertain, .good, .bad].enumerated() {
            stretch.readings[index].quality = quality
        }
        try expectSame(stretch)
    }

    /// Devices of three measurements at their cadence, with jitter, gaps, repeats of a time, late ones and nonsense.
    private func city(seed: UInt64, devices: Int, commits: Int) -> JournalStretch {
        var random = SeededGenerator(seed: seed)
        func below(_ bound: UInt64) -> UInt64 { random.next() % bound }
        var levels = (0..<devices).map { _ in Double(below(4_000)) }
        let rows = (0..<commits).map { commit in
            (0..<devices).flatMap { device -> [Reading] in
                guard below(10) > 0 else { return [] }
                levels[device] += Double(below(5)) - 2
                var time = midnight + Int64(commit) * 30_250 - Int64(below(3)) * Int64(below(1_500))
                if below(20) == 0 { time -= Int64(below(200)) * 60_000 }
                let wild = Double(bitPattern: random.next())
                let values = [
                    levels[device] / 100, Double(below(60)), below(30) == 0 && wild.isFinite ? wild : 0.5,
                ]
                return values.enumerated().map { field, value in
                    Reading(
                        series: SeriesID(UInt32(device * 3 + field + 1)), time: time, value: value,
                        weight: below(9) == 0 ? value : 1,
                        quality: Quality(rawValue: UInt8(below(40) == 0 ? below(3) : 0))!)
                }
            }
        }
        return stretch(rows, heard: (0..<UInt32(devices)).filter { _ in below(3) > 0 })
    }

    @Test(
        "gives a city back, with gaps, late readings and nonsense", arguments: 1...30 as ClosedRange<UInt64>)
    func cities(seed: UInt64) throws {
        try expectSame(
            city(seed: seed, devices: 1 + Int(seed), commits: 1 + Int(seed * 7 % 40)), "seed \(seed)")
    }

    @Test("divides many readings into parts between series, and finds each series in its own")
    func parts() throws {
        let readings = (0..<100_000).map { (index: Int) -> Reading in
            let series = SeriesID(UInt32(1 + index % 70))
            return Reading(series: series, time: midnight + Int64(index / 70), value: Double(index % 9))
        }
        let stretch = stretch([readings])
        let block = CompactBlock.encode(stretch)
        for series in [1, 23, 24, 69, 70] as [UInt32] {
            let found = CompactBlock.readings(of: SeriesID(series), in: block)
            #expect(found == readings.filter { $0.series == SeriesID(series) })
        }
        #expect(CompactBlock.decode(block)?.readings == stretch.readings)
    }

    @Test("finds the digits again of what was converted from another unit, or came as a float")
    func conversions() throws {
        var random = SeededGenerator(seed: 5)
        let raw = (0..<500).map { _ in Double(1 + random.next() % 900) }
        let makings: [(Double) -> Double] = [
            { $0 * 1.609_344 }, { $0 / 10 * 1.609_344 }, { $0 * 0.01 }, { $0 * 3.6 }, { $0 * 0.2 },
            { $0 * (1 / 60.0) },
            { $0 * -0.001 }, { Double(Float($0 / 10)) }, { Double(Float(20 + $0 / 1_000)) },
            { 5 + $0 * -0.001 }, { ($0 / 10 - 32) * 5 / 9 },
        ]
        for (index, making) in makings.enumerated() {
            let run = run(raw.map(making))
            try expectSame(run, "making \(index)")
            // As bits they would need nearly eight bytes each.
            #expect(CompactBlock.encode(run).count < 9 * raw.count / 2, "making \(index)")
        }
    }

    @Test("needs less than a byte for a reading of a gauge that moves by steps at a regular cadence")
    func size() {
        var random = SeededGenerator(seed: 1)
        var level = 1_000.0
        let readings = (0..<6_000).map { index -> Reading in
            if index % 60 == 0 { level = Double(random.next() % 4_000) }
            if random.next() % 2 == 0 { level += Double(random.next() % 5) - 2 }
            return Reading(
                series: SeriesID(UInt32(index / 60)), time: midnight + Int64(index % 60) * 60_000,
                value: level / 100)
        }
        #expect(CompactBlock.encode(stretch([readings])).count < readings.count)
        #expect(JournalBlock.encode(messages: [], readings: readings).count > 2 * readings.count)
    }

    @Test("refuses every truncation and every damaged byte of its columns, and never crashes")
    func damage() throws {
        let stretch = city(seed: 3, devices: 4, commits: 12)
        let block = CompactBlock.encode(stretch)
        for length in block.indices { #expect(CompactBlock.decode(Array(block[..<length])) == nil) }
        for index in block.indices {
            for flip in [0x55, 0x01, 0x80] as [UInt8] {
                var damaged = block
                damaged[index] ^= flip
                guard let back = CompactBlock.decode(damaged) else { continue }
                // The head has no checksum, but nothing in it changes what is read.
                #expect(back == stretch, "byte \(index)")
            }
        }
        #expect(JournalBlock.decode([CompactBlock.version]) == nil)
        #expect(CompactBlock.decode([]) == nil)
    }

    @Test("tells second by second who was heard and what came, in order of time")
    func seconds() {
        func message(_ device: UInt32) -> AcceptedMessage {
            AcceptedMessage(
                device: DeviceID(device), sequence: 1, fingerprint: 0, arrival: midnight, newestTime: midnight
            )
        }
        func reading(_ series: UInt32, _ time: Milliseconds) -> Reading {
            Reading(series: SeriesID(series), time: midnight + time, value: Double(time))
        }
        let stretch = JournalStretch(of: [
            ([message(2)], [reading(2, 900), reading(1, 900)], midnight + 1_010),
            ([message(1), message(2)], [reading(2, 800), reading(1, 1_000)], midnight + 1_999),
            ([message(3)], [], midnight + 2_500), ([], [reading(1, 1_100)], midnight + 4_000),
        ])
        var told: [String] = []
        stretch.forEachSecond { messages, readings, at in
            let heard = messages.map { "d\($0.device.rawValue)" }
            let came = readings.map { "\($0.series.rawValue)@\($0.time - midnight)" }
            told.append("\(at - midnight): \((heard + came).joined(separator: " "))")
        }
        #expect(told == ["1999: d1 d2 2@800 2@900 1@900 1@1000", "2500: d3", "4000: 1@1100"])
    }

    @Test("rounds the clock of a commit down, also before 1970")
    func rounding() {
        #expect([0, 999, 1_000, -1, -1_000, -1_001].map(JournalStretch.second) == [0, 0, 1, -1, -1, -2])
    }
}

extension JournalStretch {
    /// As a block gives it back: by series.
    fileprivate var arranged: JournalStretch {
        var arranged = self
        arranged.readings = order().map { readings[$0] }
        arranged.seconds = order().map { seconds[$0] }
        return arranged
    }
}
