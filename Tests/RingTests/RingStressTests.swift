import Foundation
import Testing

@testable import Ring

/// Every field is a function of the position, so a torn, lost or repeated value is seen at once.
private struct Slot: BitwiseCopyable, Sendable {
    var position: UInt64
    var square: UInt64
    var inverse: UInt64

    init(_ position: UInt64) {
        self.position = position
        square = position &* position
        inverse = ~position
    }

    func isAt(_ expected: UInt64) -> Bool {
        position == expected && square == expected &* expected && inverse == ~expected
    }
}

@Suite("Ring between two threads")
struct RingStressTests {
    @Test("hands a million values over untorn, in order, once", arguments: [2, 64, 4_096])
    func stress(capacity: Int) async {
        let ring = Ring<Slot>(capacity: capacity)
        let total: UInt64 = 1_000_000
        let producer = Thread {
            var next: UInt64 = 0
            while next < total {
                let count = min(next % 7 + 1, total - next, UInt64(capacity))
                let values = (0..<count).map { Slot(next + $0) }
                if values.withUnsafeBufferPointer({ ring.tryPublish($0) }) {
                    next += count
                } else {
                    sched_yield()
                }
            }
        }
        producer.start()
        let wrong = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var expected: UInt64 = 0
                var wrong = 0
                while expected < total {
                    let count = ring.take(upTo: 100) { values in
                        for value in values {
                            if !value.isAt(expected) { wrong += 1 }
                            expected += 1
                        }
                    }
                    if count == 0 { sched_yield() }
                }
                continuation.resume(returning: wrong)
            }
        }
        #expect(wrong == 0)
        #expect(ring.available() == 0)
    }
}
