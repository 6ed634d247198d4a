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
}
