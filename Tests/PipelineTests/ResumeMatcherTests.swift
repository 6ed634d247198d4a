import Telemetry
import Testing

@testable import Pipeline

@Suite("Resume matcher")
struct ResumeMatcherTests {
    private func message(_ packet: UInt16, _ hash: UInt64) -> Acknowledgement {
        Acknowledgement(packet: packet, high: hash, low: hash)
    }

    @Test("skips what was committed and takes what comes behind it")
    func suffix() {
        var matcher = ResumeMatcher(history: (1...10).map { message(UInt16($0), $0) })
        for number in 6...10 as ClosedRange<UInt64> {
            let isKnown = matcher.isRedelivery(message(UInt16(number), number))
            #expect(isKnown)
        }
        let answer1 = matcher.isRedelivery(message(11, 11))
        #expect(!answer1)
        #expect(!matcher.isActive)
        let answer2 = matcher.isRedelivery(message(10, 10))
        #expect(!answer2)
    }

    @Test("takes another message under a packet id that was used before")
    func reusedIdentifier() {
        var matcher = ResumeMatcher(history: [message(2, 101), message(3, 102)])
        let answer3 = matcher.isRedelivery(message(2, 201))
        #expect(!answer3)
    }

    @Test("recognises a stretch in the middle, as a broker sends it that crashed behind its snapshot")
    func middle() {
        var matcher = ResumeMatcher(history: (1...20).map { message(UInt16($0), $0) })
        for number in 5...9 as ClosedRange<UInt64> {
            let isKnown = matcher.isRedelivery(message(UInt16(number), number))
            #expect(isKnown)
        }
        let answer4 = matcher.isRedelivery(message(10, 99))
        #expect(!answer4)
    }

    @Test("follows every place a run may have begun when the same message occurs twice")
    func ambiguous() {
        let history = [message(1, 7), message(2, 8), message(3, 9), message(1, 7), message(2, 5)]
        var matcher = ResumeMatcher(history: history)
        let answer5 = matcher.isRedelivery(message(1, 7))
        #expect(answer5)
        let answer6 = matcher.isRedelivery(message(2, 8))
        #expect(answer6)
        let answer7 = matcher.isRedelivery(message(3, 9))
        #expect(answer7)
    }

    @Test("goes on behind what a crashed broker has forgotten: its ids were given again")
    func forgotten() {
        let history = [message(5, 1), message(6, 2), message(7, 3), message(7, 4), message(8, 5)]
        var matcher = ResumeMatcher(history: history)
        for (packet, hash) in [(5, 1), (6, 2), (7, 4), (8, 5)] as [(UInt16, UInt64)] {
            let isKnown = matcher.isRedelivery(message(packet, hash))
            #expect(isKnown, "packet \(packet)")
        }
    }

    @Test("ends where the history ends, also when an older stretch would go on")
    func endOfHistory() {
        // A session that began again at packet 1, and a sensor that always says the same.
        let history = [message(1, 7), message(2, 7), message(3, 7), message(1, 7), message(2, 7)]
        var matcher = ResumeMatcher(history: history)
        let answer1 = matcher.isRedelivery(message(1, 7))
        #expect(answer1)
        let answer2 = matcher.isRedelivery(message(2, 7))
        #expect(answer2)
        let answer3 = matcher.isRedelivery(message(3, 7))
        #expect(!answer3)
    }

    @Test(
        "takes bytes that repeat for new where packet ids have come round, and bytes that do not for a repeat"
    )
    func comeRound() {
        var history = (1...100).map { message(UInt16($0), 7) }
        history[10] = message(11, 8)
        var matcher = ResumeMatcher(history: history, queued: 50)
        let answer1 = matcher.isRedelivery(message(1, 7))
        #expect(!answer1)
        var other = ResumeMatcher(history: history, queued: 50)
        let answer2 = other.isRedelivery(message(10, 7))
        #expect(!answer2)
        for packet in 11...20 as ClosedRange<UInt16> {
            let isKnown = other.isRedelivery(message(packet, packet == 11 ? 8 : 7))
            #expect(isKnown, "packet \(packet)")
        }
    }
}
