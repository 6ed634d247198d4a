import TestSupport
import Testing

@testable import Telemetry

@Suite("Sequence window")
struct SequenceWindowTests {
    @Test(
        "admits each number once, in any order, within the last 1024",
        arguments: 1...10 as ClosedRange<UInt64>)
    func onceEach(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var window = SequenceWindow()
        var seen: Set<Int64> = []
        var highest: Int64 = 0
        for _ in 0..<5_000 {
            let sequence = max(0, highest + Int64.random(in: -900...3, using: &generator))
            // A re-send has the time of the first sending, which is never newer than the newest.
            let isNew = seen.insert(sequence).inserted
            let answer1 = window.admit(sequence, time: sequence * 10)
            #expect(answer1 == isNew, "seed \(seed), number \(sequence)")
            highest = max(highest, sequence)
        }
    }

    @Test("takes a number below the window for a repeat, unless it is newer than everything")
    func belowWindow() {
        var window = SequenceWindow()
        let answer2 = window.admit(5_000, time: 100)
        #expect(answer2)
        let answer3 = window.admit(5_000 - SequenceWindow.length, time: 90)
        #expect(!answer3)
        let answer4 = window.admit(3, time: 101)
        #expect(answer4)
        #expect(window.highest == 3)
        let answer5 = window.admit(4, time: 102)
        #expect(answer5)
    }

    @Test("recognises a device that counts from the start again within the window")
    func restart() {
        var window = SequenceWindow()
        for sequence in 0..<500 as Range<Int64> { _ = window.admit(sequence, time: sequence) }
        let answer6 = window.admit(0, time: 1_000)
        #expect(answer6)
        let answer7 = window.admit(1, time: 1_001)
        #expect(answer7)
        let answer8 = window.admit(1, time: 1_001)
        #expect(!answer8)
    }
}

@Suite("Recent times and messages")
struct RecentTests {
    @Test("recognise the last 16 times of a series, and survive storage")
    func times() {
        var recent = RecentTimes()
        for time in 0..<20 as Range<Milliseconds> {
            let isNew = recent.admit(1_767_574_923_000 + time)
            #expect(isNew)
        }
        let answer9 = recent.admit(1_767_574_923_019)
        #expect(!answer9)
        let answer10 = recent.admit(1_767_574_923_004)
        #expect(!answer10)
        let answer11 = recent.admit(1_767_574_923_003)
        #expect(answer11)
        let copy = RecentTimes(decoding: withUnsafeBytes(of: recent) { Array($0) })
        #expect(copy == recent)
    }

    @Test("recognise a time also in a backlog of months")
    func backlog() {
        var recent = RecentTimes()
        for time in [1_767_574_923_000, 1_764_982_923_000] as [Milliseconds] {
            let isNew = recent.admit(time)
            #expect(isNew)
        }
        let answer = recent.admit(1_764_982_923_000)
        #expect(!answer)
    }

    @Test("recognise the last 64 messages of a device")
    func messages() {
        var recent = RecentMessages()
        for fingerprint in 1...70 as ClosedRange<UInt64> {
            let isNew = recent.admit(fingerprint)
            #expect(isNew)
        }
        let answer12 = recent.admit(7)
        #expect(!answer12)
        let answer13 = recent.admit(6)
        #expect(answer13)
    }
}
